using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using LmPlayground.Runs.Settings.Formats;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Hosting;

/// <summary>
/// The values of a section as options take them: those of a wrong kind are kept from the binder, which would throw at the first, and are told
/// with all other faults.
/// </summary>
/// <typeparam name="TOptions">The options.</typeparam>
internal sealed class SectionValues<TOptions> : IValidateOptions<TOptions>
    where TOptions : class
{
    private readonly List<string> _faults = [];
    private readonly IConfiguration _good;

    /// <summary>Looks at every value of a section.</summary>
    internal SectionValues(IConfigurationSection section)
    {
        var wrong = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in typeof(TOptions).GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (FaultOf(section.GetSection(property.Name), property.PropertyType) is not { } fault)
                continue;
            _faults.Add(fault);
            wrong.Add(property.Name);
        }

        _good = new ConfigurationBuilder()
            .AddInMemoryCollection(section.AsEnumerable(makePathsRelative: true).Where(pair => pair.Value is not null && !wrong.Contains(pair.Key.Split(':')[0])))
            .Build();
    }

    /// <summary>Gives the options what is of the right kind.</summary>
    internal void Bind(TOptions options) => _good.Bind(options);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TOptions options) =>
        _faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_faults);

    private static string? FaultOf(IConfigurationSection value, Type type)
    {
        var hasParts = value.GetChildren().Any();
        if (typeof(IEnumerable<string>).IsAssignableFrom(type) && type != typeof(string))
            return string.IsNullOrEmpty(value.Value) ? null : $"{value.Path} is a list: set {value.Path}:0 to '{Quoted.Text(value.Value)}'";
        if (hasParts)
            return $"{value.Path} is one value, and no list: set {value.Path} alone";
        if (value.Value is not { } text || type == typeof(string))
            return null;
        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or NotSupportedException or OverflowException)
        {
            return $"{value.Path} is '{Quoted.Text(text)}'; it must be {KindOf(Nullable.GetUnderlyingType(type) ?? type)}";
        }
    }

    private static string KindOf(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a time such as 00:30:00"
        : type == typeof(int) ? string.Create(CultureInfo.InvariantCulture, $"a whole number up to {int.MaxValue}")
        : type == typeof(long) ? string.Create(CultureInfo.InvariantCulture, $"a whole number up to {long.MaxValue}")
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : "a number";
}
