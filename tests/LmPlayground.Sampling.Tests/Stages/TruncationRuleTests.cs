using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tests.Support;

namespace LmPlayground.Sampling.Tests.Stages;

/// <summary>Each rule of truncation against its slow reference, alone, after a temperature, and on what top-k left.</summary>
public class TruncationRuleTests
{
    private delegate Bounds Reference(List<(int Id, double Logit)> tokens, double value);

    private static readonly (NumberParameter Parameter, Reference Reference, double[] FromTightToLoose)[] Rules =
    [
        (MinPStage.P, ReferenceTruncation.MinP, [1, 0.7, 0.3, 0.05, 0.01, 1e-9, 1e-300]),
        (EpsilonCutoffStage.Epsilon, ReferenceTruncation.Epsilon, [1, 0.5, 0.1, 0.01, 9e-4, 1e-12, 1e-310]),
        (EtaCutoffStage.Epsilon, ReferenceTruncation.Eta, [1, 0.5, 0.02, 2e-3, 3e-4, 1e-12]),
        (TopNSigmaStage.N, ReferenceTruncation.TopNSigma, [1e-9, 0.5, 1, 2, 5, 100]),
        (TypicalPStage.P, ReferenceTruncation.TypicalP, [0, 1e-9, 0.2, 0.5, 0.9, 0.99, 0.9999999]),
        (TailFreeStage.Z, ReferenceTruncation.TailFree, [0, 1e-9, 0.2, 0.5, 0.9, 0.95, 0.999]),
        (MirostatV2Stage.Tau, (tokens, tau) => ReferenceTruncation.MirostatV2(tokens, 2 * tau), [1e-9, 0.5, 1, 3, 5, 20]),
    ];

    [Theory]
    [MemberData(nameof(HardLogits.Seeds), MemberType = typeof(HardLogits))]
    public void Keeps_what_the_rule_keeps(int seed)
    {
        var logits = HardLogits.Make(seed);
        var start = ReferenceSampler.Start(logits);
        foreach (var (parameter, reference, values) in Rules)
        {
            foreach (var value in values)
            {
                var alone = ChainRunner.Only(parameter, value);
                reference(start, value).Check(ChainRunner.Run(logits, alone).Kept(), $"{parameter.Name} {value}");

                foreach (var (temperature, k) in new[] { (0.7, 0), (1.9, 0), (1.0, 40), (2.5, 7) })
                {
                    if (parameter == MirostatV2Stage.Tau && k > 0)
                        continue;
                    var options = (alone with { Order = new StageOrder(["temperature", "top_k", .. alone.Order.Stages]) })
                        .With(TemperatureStage.Temperature, temperature).With(TopKStage.K, k);
                    var tokens = ReferenceSampler.TopK(ReferenceSampler.Temperature(start, temperature), k);
                    reference(tokens, value).Check(
                        ChainRunner.Run(logits, options).Kept(), $"temperature {temperature}, top-k {k}, {parameter.Name} {value}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(HardLogits.Seeds), MemberType = typeof(HardLogits))]
    public void A_looser_value_never_keeps_less(int seed)
    {
        var logits = HardLogits.Make(seed);
        foreach (var (parameter, _, values) in Rules)
        {
            var previous = new HashSet<int>();
            foreach (var value in values)
            {
                var kept = ChainRunner.Run(logits, parameter, value).Kept().ToHashSet();
                Assert.Subset(kept, previous);
                previous = kept;
            }
        }
    }

    [Theory]
    [MemberData(nameof(HardLogits.Seeds), MemberType = typeof(HardLogits))]
    public void Ids_decide_nothing_but_the_order_of_ties(int seed)
    {
        var logits = HardLogits.Make(seed);
        var shuffled = (float[])logits.Clone();
        new System.Random(seed).Shuffle(shuffled);
        foreach (var (parameter, _, values) in Rules)
        {
            // Sums in another order can turn a borderline token; the values here have no token there.
            var kept = ChainRunner.Run(logits, parameter, values[2]).Kept();
            var others = ChainRunner.Run(shuffled, parameter, values[2]).Kept();
            Assert.Equal(kept.Select(id => logits[id] + 0f).Order(), others.Select(id => shuffled[id] + 0f).Order());
        }
    }

    [Theory]
    [MemberData(nameof(HardLogits.Seeds), MemberType = typeof(HardLogits))]
    public void Cuts_by_probability_find_nothing_more_to_cut_the_second_time(int seed)
    {
        var logits = HardLogits.Make(seed);
        foreach (var (parameter, value) in new[] { (MinPStage.P, 0.1), (EpsilonCutoffStage.Epsilon, 0.01), (MirostatV2Stage.Tau, 2.0) })
        {
            var kept = ChainRunner.Run(logits, parameter, value).Kept();
            var rest = Enumerable.Range(0, logits.Length).Except(kept).ToHashSet();
            float[] left = [.. logits.Select((logit, id) => rest.Contains(id) ? float.NegativeInfinity : logit)];
            Assert.Equal(kept, ChainRunner.Run(left, parameter, value).Kept());
        }
    }

    [Theory]
    [MemberData(nameof(HardLogits.Seeds), MemberType = typeof(HardLogits))]
    public void Xtc_keeps_the_least_of_the_top_choices_and_all_below(int seed)
    {
        var logits = HardLogits.Make(seed);
        foreach (var threshold in new[] { 0.0333, 0.1001, 0.3, 0.5 })
        {
            var options = ChainRunner.Only(XtcStage.Probability, 1).With(XtcStage.Threshold, threshold);
            int[][] possible =
            [
                ReferenceTruncation.Xtc(ReferenceSampler.Start(logits), threshold * (1 - Bounds.Tolerance)),
                ReferenceTruncation.Xtc(ReferenceSampler.Start(logits), threshold * (1 + Bounds.Tolerance)),
            ];
            Assert.Contains(ChainRunner.Run(logits, options).Kept(), possible);
        }
    }
}
