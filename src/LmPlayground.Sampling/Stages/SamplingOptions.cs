using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>The settings of one strategy: the order of the stages and the value of every parameter. Equal settings are equal records.</summary>
/// <remarks>Immutable. Parameters that were never set have their neutral value, so a new instance samples from the model's own distribution.</remarks>
public sealed record SamplingOptions
{
    private ParameterValues _values = ParameterValues.Defaults;

    /// <summary>The stages in the order they run. A stage that is missing here does not run.</summary>
    public StageOrder Order { get; init; } = StageOrder.Transformers;

    /// <summary>Divides the logits; 0 is greedy decoding.</summary>
    public double Temperature => this[TemperatureStage.Temperature];

    /// <summary>How many of the most probable tokens stay; 0 is off.</summary>
    public int TopK => (int)this[TopKStage.K];

    /// <summary>The probability mass that the most probable tokens must reach; 1 is off.</summary>
    public double TopP => this[TopPStage.P];

    /// <summary>The names of the parameters that are not neutral.</summary>
    public IEnumerable<string> Names => _values.Names;

    /// <summary>The value of a parameter.</summary>
    public double this[NumberParameter parameter] => _values.Get(parameter);

    /// <summary>A list of texts.</summary>
    public ValueList<string> this[TextListParameter parameter] => _values.Get(parameter);

    /// <summary>Whether a parameter has another value than its default.</summary>
    public bool Has(Parameter parameter) => _values.Has(parameter);

    /// <summary>These settings with another value for a parameter.</summary>
    /// <exception cref="SettingException">The parameter does not take the value; the message names it and says what it takes.</exception>
    public SamplingOptions With<T>(Parameter<T> parameter, T value)
        where T : notnull
    {
        var changed = this with { };
        changed._values = _values.With(parameter, value);
        return changed;
    }
}
