using LmPlayground.Tokenizers;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Models.Catalog;

/// <content>How models come into memory and leave it.</content>
public sealed partial class ModelCatalog
{
    private async Task<IModel> LoadAsync(CatalogSlot slot)
    {
        RaiseChanged();
        try
        {
            await _loads.WaitAsync(_disposing).ConfigureAwait(false);
            try
            {
                return Load(slot);
            }
            finally
            {
                _loads.Release();
            }
        }
        catch (OperationCanceledException)
        {
            Change(slot, entry => entry with { State = ModelState.Available }, memory: 0);
            throw;
        }
        catch (Exception e)
        {
            // Whatever a stranger's file does to the reader is that model's failure and nobody else's.
            var error = e as ModelLoadException ?? new ModelLoadException(slot.Source.Directory, $"cannot be loaded: {e.Message}", e);
            LogFailed(slot.Source.Id, error);
            // Where there is no room now there may be later: that is no fault of the model's.
            var hadRoom = slot.Memory > 0 || slot.Entry.SizeInBytes == 0;
            Change(
                slot,
                entry => hadRoom
                    ? entry with { State = ModelState.Failed, Card = null, Error = error.Message }
                    : entry with { State = ModelState.Available, Error = error.Message },
                memory: 0);
            throw error;
        }
    }

    private IModel Load(CatalogSlot slot)
    {
        IReadOnlyList<CatalogSlot> surplus;
        bool alone;
        long number;
        lock (_lock)
        {
            surplus = _budget.Reserve(slot);
            alone = _activeLoads++ == 0;
            number = ++_begunLoads;
        }

        try
        {
            Unload(surplus);
            var before = _residentMemory();
            var started = TimeProvider.System.GetTimestamp();
            var model = _load(slot.Source, Progress(slot), _disposing);
            var elapsed = TimeProvider.System.GetElapsedTime(started);
            LogLoaded(slot.Source.Id, elapsed);
            if (model.Card.Notices is { IsEmpty: false } notices)
                LogNotices(slot.Source.Id, string.Join(' ', notices));
            lock (_lock)
                MemoryBudget.Measured(slot, alone && number == _begunLoads ? _residentMemory() - before : null);
            Change(slot, entry => entry with { State = ModelState.Ready, Progress = 1, Card = model.Card, MaskToken = model.Card.MaskToken, Error = null, MemoryInBytes = slot.Memory });
            return model;
        }
        finally
        {
            lock (_lock)
                _activeLoads--;
        }
    }

    private LoadProgress Progress(CatalogSlot slot) =>
        new(share => Change(slot, entry => entry.State == ModelState.Loading ? entry with { Progress = share } : entry));

    /// <summary>Takes those out of memory that are still idle.</summary>
    private int Unload(IReadOnlyList<CatalogSlot> slots)
    {
        var unloaded = 0;
        foreach (var slot in slots)
        {
            IModel model;
            lock (_lock)
            {
                if (!slot.IsIdle)
                    continue;
                model = slot.Loading!.Result;
                slot.Loading = null;
                slot.Memory = 0;
                slot.Entry = slot.Entry with { State = ModelState.Available, Progress = 0, MemoryInBytes = 0 };
                _entries = null;
            }

            unloaded++;
            Release(model);
            LogUnloaded(slot.Source.Id);
            RaiseChanged();
        }

        return unloaded;
    }

    private void Release(IModel model)
    {
        Unloading?.Invoke(this, new ModelUnloadingEventArgs(model));
        model.Dispose();
    }

    private void Change(CatalogSlot slot, Func<ModelEntry, ModelEntry> change, long? memory = null)
    {
        lock (_lock)
        {
            slot.Entry = change(slot.Entry);
            _entries = null;
            slot.Memory = memory ?? slot.Memory;
        }

        RaiseChanged();
    }

    private void RaiseChanged()
    {
        try
        {
            Changed?.Invoke();
        }
        catch (Exception e)
        {
            // A listener's fault must not look like the model's.
            LogListener(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
    private partial void LogProblem(string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded {Model} in {Elapsed}")]
    private partial void LogLoaded(string model, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Model} runs without what its files say: {Notices}")]
    private partial void LogNotices(string model, string notices);

    [LoggerMessage(Level = LogLevel.Information, Message = "Unloaded {Model}")]
    private partial void LogUnloaded(string model);

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot load {Model}")]
    private partial void LogFailed(string model, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "A listener to the catalogue's changes failed")]
    private partial void LogListener(Exception error);
}
