using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using LmPlayground.Generation.Search;

namespace LmPlayground.Web.Cli;

/// <summary>The options of <c>generate</c> for strategies that follow several sequences: beam search, best-of-n, guidance.</summary>
internal sealed partial class BranchingOptions
{
    private readonly Option<string?> _numBeams = new("--num-beams") { Description = "Beam search with this many beams; 1 is greedy." };
    private readonly Option<string?> _lengthPenalty = new("--length-penalty") { Description = "Beam scores are divided by length^this; 1 unless given." };
    private readonly Option<string?> _earlyStopping = new("--early-stopping") { Description = "When beam search ends: true, false (unless given) or never." };
    private readonly Option<string?> _numReturnSequences = new("--num-return-sequences") { Description = "How many sequences are returned, best first." };
    private readonly Option<string?> _numBeamGroups = new("--num-beam-groups") { Description = "Diverse beam search with this many groups." };
    private readonly Option<string?> _diversityPenalty = new("--diversity-penalty") { Description = "What a token loses for each beam of an earlier group that took it." };
    private readonly Option<string?> _bestOf = new("--best-of") { Description = "Draw this many samples, with seeds from --seed on, and return the likeliest." };
    private readonly Option<string?> _guidanceScale = new("--guidance-scale") { Description = "Classifier-free guidance: u + scale * (c - u); 1 is off." };
    private readonly Option<string?> _negativePrompt = new("--negative-prompt") { Description = "What guidance leads away from; the prompt's last token unless given." };

    internal void AddTo(Command command)
    {
        Option[] options =
        [
            _numBeams, _lengthPenalty, _earlyStopping, _numReturnSequences, _numBeamGroups, _diversityPenalty, _bestOf, _guidanceScale,
            _negativePrompt,
        ];
        foreach (var option in options)
            command.Options.Add(option);
    }

    /// <summary>What was asked for, checked as far as it can be without a model.</summary>
    internal SearchStrategy Read(ParseResult parsed)
    {
        var isBeams = parsed.GetValue(_numBeams) is not null;
        var isBestOf = parsed.GetValue(_bestOf) is not null;
        if (isBeams && isBestOf)
            throw new CommandLineException("Give --num-beams or --best-of, not both.");
        foreach (var option in (Option<string?>[])[_lengthPenalty, _earlyStopping, _numBeamGroups, _diversityPenalty])
        {
            if (!isBeams && parsed.GetValue(option) is not null)
                throw new CommandLineException($"{option.Name} needs --num-beams.");
        }

        if (!isBeams && !isBestOf && parsed.GetValue(_numReturnSequences) is not null)
            throw new CommandLineException("--num-return-sequences needs --num-beams or --best-of.");
        if (parsed.GetValue(_negativePrompt) is not null && parsed.GetValue(_guidanceScale) is null)
            throw new CommandLineException("--negative-prompt needs --guidance-scale.");
        return new SearchStrategy
        {
            Beams = isBeams ? Beams(parsed) : null,
            BestOf = isBestOf ? BestOf(parsed) : null,
            GuidanceScale = Number(parsed, _guidanceScale, 1) is >= 0 and var scale
                ? scale
                : throw new CommandLineException("--guidance-scale must be a number of 0 or more; 1 is off."),
            NegativePrompt = parsed.GetValue(_negativePrompt),
        };
    }

    private BeamSearchOptions Beams(ParseResult parsed) => Checked(
        new BeamSearchOptions
        {
            NumBeams = Whole(parsed, _numBeams, 0),
            LengthPenalty = Number(parsed, _lengthPenalty, 1),
            EarlyStopping = parsed.GetValue(_earlyStopping) switch
            {
                null or "false" => EarlyStopping.Heuristic,
                "true" => EarlyStopping.WhenFull,
                "never" => EarlyStopping.Never,
                var other => throw new CommandLineException($"--early-stopping must be true, false or never, not '{other}'."),
            },
            NumReturnSequences = Whole(parsed, _numReturnSequences, 1),
            NumBeamGroups = Whole(parsed, _numBeamGroups, 1),
            DiversityPenalty = Number(parsed, _diversityPenalty, 0),
        },
        options => options.Validate());

    private BestOfOptions BestOf(ParseResult parsed) => Checked(
        new BestOfOptions { Count = Whole(parsed, _bestOf, 0), NumReturnSequences = Whole(parsed, _numReturnSequences, 1) },
        options => options.Validate());

    private static T Checked<T>(T options, Action<T> validate)
    {
        try
        {
            validate(options);
            return options;
        }
        catch (ArgumentException exception)
        {
            // The library names its options as transformers does; here they are the command line's.
            throw new CommandLineException(LibraryName().Replace(exception.Message, name => "--" + name.Value.Replace('_', '-')));
        }
    }

    private static double Number(ParseResult parsed, Option<string?> option, double missing)
    {
        if (parsed.GetValue(option) is not { } text)
            return missing;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new CommandLineException($"{option.Name} must be a number, not '{text}'.");
    }

    private static int Whole(ParseResult parsed, Option<string?> option, int missing)
    {
        if (parsed.GetValue(option) is not { } text)
            return missing;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new CommandLineException($"{option.Name} must be a whole number, not '{text}'.");
    }

    [GeneratedRegex("[a-z]+(_[a-z]+)+")]
    private static partial Regex LibraryName();
}
