using System.Globalization;
using LmPlayground.Generation;
using LmPlayground.Runs;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Inspection;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.State;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Viewing;

/// <summary>Other settings on a recorded demo: what they would have done to each token, as far as the demo can tell. No model is needed.</summary>
public sealed partial class TrialView : IDisposable
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private DemoView _view = null!;
    private DemoRunView _run = null!;
    private RunRequest _recorded = null!;
    private RunRequest _state = null!;
    private PageThread _thread = null!;
    private DemoTrial? _trial;
    private TrialResult? _result;
    private IReadOnlyList<SelectOption> _choices = [];
    private int _place;
    private int _selected = -1;
    private bool _isReady;
    private bool _tokenIsOpen;
    private bool _samplerIsOpen;

    /// <summary>The demo's id.</summary>
    [Parameter, EditorRequired]
    public string Id { get; set; } = "";

    /// <summary>The demo.</summary>
    [Parameter, EditorRequired]
    public SharedDemo Demo { get; set; } = null!;

    /// <summary>The place of the run that is shown first.</summary>
    [Parameter]
    public int Run { get; set; }

    /// <summary>The token that is selected first, from 0.</summary>
    [Parameter]
    public int Token { get; set; }

    [Inject]
    private Presence Presence { get; set; } = null!;

    [Inject]
    private PageWords StateWords { get; set; } = null!;

    [Inject]
    private LibraryWords Library { get; set; } = null!;

    [Inject]
    private ILogger<TrialView> Logger { get; set; } = null!;

    private SamplingOptions Options => _state.Sampling(_run.Options);

    private bool IsChanged => !Options.Equals(_run.Options);

    private bool HasLogits => _run.Run.Steps.Tail is not null;

    private bool IsGiven => _run.Run.Masked?.Task == DemoMaskedTask.Score;

    private bool Disabled => !_isReady || !HasLogits || _run.Steps.IsEmpty;

    private string? _failure => _thread.Failure;

    private string Back => $"/d/{Id}{(_place > 0 ? $"?run={_place.ToString(Culture)}" : "")}";

    /// <summary>The recorded step, with every candidate that the demo has.</summary>
    private TokenStep? Step => _selected < 0 ? null : DemoTokens.At(Demo, _run.Run, _selected);

    /// <summary>What the settings in use make of the selected token; null until that is known.</summary>
    private DemoOutcome? Outcome => Result is { Selected: { } outcome } result && result.Index == _selected ? outcome : null;

    private TrialResult? Result => IsChanged && _result is { } result && result.Options.Equals(Options) ? result : null;

    private string Sentence
    {
        get
        {
            if (!IsChanged || !HasLogits)
                return Words[HasLogits ? "RecordedSettings" : "LegendColour"];
            if (Result is not { } result)
                return Words["Begins"];
            if (result.IsWorking)
                return Words["WorkedOut", Show.Count(result.Done), Show.Count(result.Marks.Length)];
            var sentence = Words["Result", Show.Count(result.Done), Show.Count(result.Count(DemoMark.Same)),
                Show.Count(result.Count(DemoMark.Removed, DemoMark.Redrawn)), Show.Count(result.Count(DemoMark.Unknown))].Value;
            return result.Done < result.Marks.Length ? $"{sentence} {Words["Cut", Show.Count(result.Marks.Length - result.Done)]}" : sentence;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _trial?.Dispose();

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _thread = new PageThread(InvokeAsync, StateHasChanged, Logger, StateWords, Presence);
        Take(Math.Clamp(Run, 0, Demo.Runs.Length - 1));
        _selected = _run.Steps.IsEmpty ? -1 : Math.Clamp(Token, 0, _run.Steps.Length - 1);
        _choices =
        [
            .. DemoWording.Choices(Demo, StateWords, Words).Select(choice => new SelectOption(choice.Place.ToString(Culture), choice.Name)),
        ];
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender || !RendererInfo.IsInteractive)
            return;
        _isReady = true;
        StateHasChanged();
    }

    private void Take(int place)
    {
        _trial?.Dispose();
        _place = place;
        _view = new DemoView(Demo, place);
        _run = _view.Runs.FirstOrDefault(run => run.Run == Demo.Runs[place]) ?? _view.Runs[0];
        _place = Demo.Runs.IndexOf(_run.Run);
        _recorded = _state = new RunRequest { Order = _run.Options.Order };
        _result = null;
        _trial = new DemoTrial(Demo, _run.Run, _run.Steps.Length, PublishAsync, _thread.FailAsync);
    }

    private Task PickAsync(string place)
    {
        Take(int.Parse(place, Culture));
        _selected = _run.Steps.IsEmpty ? -1 : Math.Min(Math.Max(0, _selected), _run.Steps.Length - 1);
        return Task.CompletedTask;
    }

    private Task ChangeAsync(RunRequest state)
    {
        _state = state;
        Ask();
        return Task.CompletedTask;
    }

    private Task SelectAsync(TokenSelectEventArgs select)
    {
        _tokenIsOpen |= select.Open;
        return MoveAsync(select.Index);
    }

    private Task MoveAsync(int index)
    {
        _selected = Math.Clamp(index, 0, Math.Max(0, _run.Steps.Length - 1));
        Ask();
        return Task.CompletedTask;
    }

    /// <summary>The answer comes by itself: nobody waits for it, so that the page stays at hand.</summary>
    private void Ask()
    {
        if (IsChanged && HasLogits && _selected >= 0)
            _ = _trial!.AskAsync(Options, _selected);
    }

    private Task PublishAsync(TrialResult result) => _thread.InvokeAsync(() =>
    {
        _result = result;
        StateHasChanged();
        return Task.CompletedTask;
    });

    private DemoMark MarkOf(int index) => Result is { } result && index < result.Marks.Length ? result.Marks[index] : DemoMark.NotYet;

    private TokenMarks MarksOf(int start) => TokenMarks.Of(MarkOf, start, _run.Steps.Length);

    private string? ClassOf(int index) => MarkOf(index) switch
    {
        DemoMark.Removed => "removed",
        DemoMark.Redrawn => "redrawn",
        DemoMark.Unknown => "unknown",
        _ => null,
    };

    private string? NoteOf(SamplingStage stage) => DemoSampler.IsAnswered(stage, _run.Run.Masked is null) ? null : Words["StageUnknown"].Value;
}
