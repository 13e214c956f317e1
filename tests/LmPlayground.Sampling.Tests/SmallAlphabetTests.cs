using LmPlayground.Sampling.History;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Sampling.Tests.Support;

namespace LmPlayground.Sampling.Tests;

/// <summary>
/// Every matcher and automaton over random texts of one to three letters, against the definition by the letter. So few letters make partial
/// matches that fail late, overlap and go on: what a failure function or a window is for.
/// </summary>
public class SmallAlphabetTests
{
    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(0, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Stop_strings_over_two_letters_are_found_where_a_plain_search_finds_them_token_by_token(int seed)
    {
        var random = new System.Random(seed);
        for (var round = 0; round < 60; round++)
        {
            string[] stops = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Letters(random, 2, random.Next(1, 12)))];
            var keeps = random.Next(2) == 0;
            var matcher = new StopStringMatcher(stops, keeps);
            var (text, shown) = ("", "");
            while (matcher.Match is null && text.Length < 400)
            {
                // A token is mostly one letter, at times a piece or nothing at all.
                var token = Letters(random, 2, random.Next(6) == 0 ? random.Next(0, 6) : 1);
                shown += matcher.Append(token);
                text += token;
                var found = First(text, stops);
                Assert.Equal(found?.Stop, matcher.Match);
                if (found is { } match)
                    Assert.Equal(keeps ? match.End : match.End - match.Stop.Length, matcher.CutOffset);
                else
                    Assert.Equal(text, shown + matcher.Withheld);
                Assert.Equal(found is { } cut ? text[..matcher.CutOffset!.Value] : text[..(text.Length - MayBegin(text, stops))], shown);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_special_token_is_seen_by_the_stop_strings_that_name_it_and_by_no_one_else(int seed)
    {
        string[] pieces = ["a", "b", "ab", "", "<", ">"];
        string[] names = ["<a>", "<b>", "<ab>"];
        var random = new System.Random(seed);
        for (var round = 0; round < 60; round++)
        {
            string[] stops = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Any([.. pieces, .. names]))))];
            var keeps = random.Next(2) == 0;
            var matcher = new StopStringMatcher(stops, keeps);
            List<(char Character, string? Name)> all = [];
            (string Stop, int Start)? found = null;
            var shown = "";
            for (var i = 0; i < 60 && found is null; i++)
            {
                if (random.Next(8) == 0)
                    matcher = matcher.Fork();
                var name = random.Next(3) == 0 ? Any(names) : null;
                var token = name ?? Any(pieces);
                foreach (var character in token)
                {
                    all.Add((character, name));
                    found ??= Completed();
                    if (found is not null)
                        break;
                }

                shown += name is null ? matcher.Append(token) : matcher.AppendUnseen(token);
                Assert.Equal(found?.Stop, matcher.Match);
                if (found is null)
                    Assert.Equal(Seen(all.Count), shown + matcher.Withheld);
            }

            Assert.Equal(found is { } match ? Seen(match.Start) + (keeps ? match.Stop : "") : Seen(all.Count), shown + matcher.Flush());
            Assert.Equal(found is null ? null : shown.Length, matcher.CutOffset);

            string Seen(int count) => string.Concat(all.Take(count).Where(one => one.Name is null).Select(one => one.Character));

            (string Stop, int Start)? Completed()
            {
                foreach (var stop in stops.Where(stop => stop.Length > 0))
                {
                    int[] places = [.. Enumerable.Range(0, all.Count).Where(at => all[at].Name is not { } name || stop.Contains(name, StringComparison.Ordinal))];
                    if (places.Length >= stop.Length && places[^1] == all.Count - 1
                        && stop == string.Concat(places[^stop.Length..].Select(at => all[at].Character)))
                        return (stop, places[^stop.Length]);
                }

                return null;
            }
        }

        string Any(string[] choices) => choices[random.Next(choices.Length)];
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Stop_strings_that_are_complete_too_early_count_for_nothing_and_those_that_go_on_are_still_found(int seed)
    {
        var random = new System.Random(seed);
        for (var round = 0; round < 60; round++)
        {
            string[] stops = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Letters(random, 2, random.Next(1, 9)))];
            var text = Letters(random, 2, 200);
            var least = random.Next(0, 60);
            var matcher = new StopStringMatcher(stops);
            var shown = "";
            for (var i = 0; i < text.Length && matcher.Match is null; i++)
                shown += matcher.Append(text[i].ToString(), passesOver: i < least);
            var expected = Enumerable.Range(least + 1, text.Length - least)
                .Select(end => (End: end, Stop: stops.FirstOrDefault(stop => text[..end].EndsWith(stop, StringComparison.Ordinal))))
                .FirstOrDefault(found => found.Stop is not null);
            Assert.Equal(expected.Stop, matcher.Match);
            Assert.Equal(expected.Stop is { } match ? text[..(expected.End - match.Length)] : text, shown + matcher.Flush());
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Repeated_suffixes_are_those_of_a_search_in_quadratic_time(int seed)
    {
        var random = new System.Random(seed);
        var suffixes = new RepeatedSuffixes();
        for (var round = 0; round < 40; round++)
        {
            var history = Tokens(random, random.Next(1, 4), random.Next(0, 120));
            var limit = random.Next(1, random.Next(2, 130));
            var expected = new SortedDictionary<int, int>();
            for (var at = 1; at < history.Length; at++)
            {
                var length = 0;
                while (length < at && length < limit && history[at - 1 - length] == history[^(1 + length)])
                    length++;
                if (length > 0)
                    expected[history[at]] = Math.Max(length, expected.GetValueOrDefault(history[at]));
            }

            var found = suffixes.Find(history, limit);
            Assert.Equal(expected, new SortedDictionary<int, int>(found.Ids.ToArray().Zip(found.Values.ToArray()).ToDictionary()));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_repeat_n_gram_bans_exactly_the_tokens_that_would_make_an_n_gram_come_twice(int seed)
    {
        var random = new System.Random(seed);
        for (var round = 0; round < 20; round++)
        {
            var history = Tokens(random, random.Next(1, 4), random.Next(1, 70));
            var n = random.Next(1, 9);

            // The last token is in no history, so that something is left.
            int[] expected = [.. Enumerable.Range(0, 4).Where(id => !ComesTwice([.. history, id], n))];
            var options = new SamplingOptions().With(NoRepeatNGramStage.Size, n);
            Assert.Equal(expected, ChainRunner.Run(new float[4], options, history, random.Next(history.Length)).Kept());
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_loop_is_reported_exactly_where_its_copies_stand_one_after_another(int seed)
    {
        var random = new System.Random(seed);
        for (var round = 0; round < 10; round++)
        {
            var (size, count) = (random.Next(1, 12), random.Next(2, 5));
            IStoppingCriterion criterion = new RepetitionCriterion(size, count);
            var history = Tokens(random, random.Next(1, 4), 120);
            for (var length = 1; length <= history.Length; length++)
            {
                criterion.Observe(new StoppingContext(history[length - 1], length, length, false, TokenConfidence.Certain));
                var text = history[..length];
                var pattern = Enumerable.Range(1, size)
                    .Where(p => p * count <= length && text[^(p * count)..].SequenceEqual(Enumerable.Repeat(text[^p..], count).SelectMany(copy => copy)))
                    .Cast<int?>().FirstOrDefault();
                Assert.Equal(pattern is not null, criterion.Check(default) is not null);
                if (pattern is not null)
                    Assert.Equal((pattern, count), Point(criterion));
                if (random.Next(8) == 0)
                    criterion = criterion.Fork();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Bad_and_allowed_words_are_the_token_sequences_of_the_texts(int seed)
    {
        var random = new System.Random(seed);
        var vocabulary = new FakeVocabulary("a", "b", "ab", "bb", " a", " b", "</s>", ".") { EndOfSequenceIds = [6] };
        for (var round = 0; round < 20; round++)
        {
            string[] words = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Letters(random, 2, random.Next(1, 7)))];
            var history = Tokens(random, 6, random.Next(1, 30));

            // A word that is one token is that token: with a space before it only where that is one token too.
            var sequences = words.Select(word => (Typed: vocabulary.Encode(word), Spaced: vocabulary.Encode(' ' + word)))
                .SelectMany(word => word.Typed.Count == 1 && word.Spaced.Count > 1 ? [word.Typed] : new[] { word.Typed, word.Spaced }).ToArray();

            int[] free = [.. Enumerable.Range(0, 8).Where(id => !sequences.Any(ids => EndsWith([.. history, id], ids)))];
            Assert.Equal(free, ChainRunner.Run(new float[8], new SamplingOptions().With(BadWordsStage.Words, [.. words]), history, 1, vocabulary).Kept());

            int[] allowed = [.. sequences.SelectMany(ids => ids).Append(6).Distinct().Order()];
            Assert.Equal(allowed, ChainRunner.Run(new float[8], new SamplingOptions().With(AllowedWordsStage.Words, [.. words]), history, 1, vocabulary).Kept());
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Dry_with_breakers_of_several_tokens_is_what_the_rule_says(int seed)
    {
        var random = new System.Random(seed);
        var vocabulary = new FakeVocabulary("a", "b", "c", "<c>");
        for (var round = 0; round < 20; round++)
        {
            string[] breakers = [.. Enumerable.Range(0, random.Next(0, 3)).Select(_ => Letters(random, 3, random.Next(2, 6)))];
            var history = Tokens(random, 3, random.Next(1, 60));
            var (growth, allowed) = (random.Next(1, 3), random.Next(1, 4));
            var options = new SamplingOptions { Order = StageOrder.LlamaCpp }
                .With(DryStage.Multiplier, 1).With(DryStage.Base, growth).With(DryStage.AllowedLength, allowed)
                .With(DryStage.SequenceBreakers, [.. breakers]);

            // A repetition begins after the last breaker: after the end of the last place at which one is spelt.
            var sequences = breakers.Select(vocabulary.Encode).ToArray();
            var start = Enumerable.Range(0, history.Length + 1).Last(end => end == 0 || sequences.Any(ids => EndsWith(history[..end], ids)));
            var expected = new float[4];
            for (var at = 1; at < history.Length; at++)
            {
                var length = 0;
                while (length < at && length < history.Length - start && history[at - 1 - length] == history[^(1 + length)])
                    length++;
                if (length >= allowed)
                    expected[history[at]] = Math.Min(expected[history[at]], -(float)Math.Pow(growth, length - allowed));
            }

            Assert.Equal(expected, ChainRunner.Run(new float[4], options, history, 1, vocabulary).Logits());
        }
    }

    private static string Letters(System.Random random, int letters, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(letters))));

    /// <summary>Random tokens, at times with a passage of their own again.</summary>
    private static int[] Tokens(System.Random random, int letters, int length)
    {
        var tokens = new List<int>();
        while (tokens.Count < length)
        {
            var back = random.Next(4) == 0 ? random.Next(tokens.Count + 1) : 0;
            for (var i = 0; back > 0 && i < random.Next(2 * back + 1); i++)
                tokens.Add(tokens[^back]);
            tokens.Add(random.Next(letters));
        }

        return [.. tokens.Take(length)];
    }

    private static (string Stop, int End)? First(string text, string[] stops)
    {
        for (var end = 1; end <= text.Length; end++)
        {
            if (stops.FirstOrDefault(stop => text[..end].EndsWith(stop, StringComparison.Ordinal)) is { } stop)
                return (stop, end);
        }

        return null;
    }

    private static int MayBegin(string text, string[] stops) =>
        stops.Max(stop => Enumerable.Range(0, stop.Length).Last(length => text.EndsWith(stop[..length], StringComparison.Ordinal)));

    private static bool ComesTwice(int[] tokens, int n) =>
        tokens.Length > n && Enumerable.Range(0, tokens.Length - n).Any(at => tokens.AsSpan(at, n).SequenceEqual(tokens.AsSpan(tokens.Length - n)));

    private static bool EndsWith(int[] tokens, IReadOnlyList<int> end) => tokens.TakeLast(end.Count).SequenceEqual(end);

    private static (int? Pattern, int? Count) Point(IStoppingCriterion criterion)
    {
        var point = criterion.Describe(new StopPoint(FinishReason.Repetition, 0));
        return (point.PatternSize, point.Count);
    }
}
