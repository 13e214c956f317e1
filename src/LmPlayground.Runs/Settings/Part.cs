namespace LmPlayground.Runs.Settings;

/// <summary>A setting as a part of the record that a library takes.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Put">The record with a chosen value.</param>
/// <param name="Find">The value that stands in a record, or null where there is none.</param>
internal sealed record Part<TRecord>(Setting Setting, Func<TRecord, object, TRecord> Put, Func<TRecord, object?> Find);

/// <summary>Makes parts.</summary>
internal static class Part
{
    internal static Part<TRecord> Of<TRecord, T>(Setting<T> setting, Func<TRecord, T, TRecord> put, Func<TRecord, T?> find)
        where T : struct => new(setting, (record, value) => put(record, (T)value), record => find(record));

    internal static Part<TRecord> OfText<TRecord>(Setting<string> setting, Func<TRecord, string, TRecord> put, Func<TRecord, string?> find) =>
        new(setting, (record, value) => put(record, (string)value), record => find(record));

    internal static Part<TRecord> OfList<TRecord, T>(Setting<T> setting, Func<TRecord, T, TRecord> put, Func<TRecord, T> find)
        where T : class => new(setting, (record, value) => put(record, (T)value), find);
}
