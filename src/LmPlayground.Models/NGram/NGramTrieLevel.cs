using System.Numerics;
using LmPlayground.Models.NGram.Storage;

namespace LmPlayground.Models.NGram;

/// <summary>The n-grams of one length in a file that was checked.</summary>
internal sealed unsafe class NGramTrieLevel
{
    /// <summary>How many bits one number of <see cref="_contextsBefore"/> covers.</summary>
    private const int BlockBits = 512;

    private readonly PackedReader _tokens;
    private readonly NumberReader _weights;
    private readonly ulong* _isContext;
    private readonly NumberReader _odds;
    private readonly PackedReader _starts;
    private readonly int[] _contextsBefore;
    private readonly int _contexts;
    private readonly int _countAbove;

    /// <param name="file">The file.</param>
    /// <param name="layout">How it is laid out.</param>
    /// <param name="level">The length less one.</param>
    public NGramTrieLevel(NGramFile file, NGramLayout layout, int level)
    {
        var sections = layout.Levels[level];
        Count = sections.Count;
        _tokens = new PackedReader(file.Start + sections.Tokens, layout.TokenBits);
        _weights = new NumberReader(file.Start + sections.WeightValues, file.Start + sections.Weights, layout.WeightBits);
        _isContext = (ulong*)(file.Start + sections.IsContext);
        _contextsBefore = [];
        if (level == layout.Levels.Count - 1)
            return;
        _odds = new NumberReader(file.Start + sections.OddsValues, file.Start + sections.Odds, layout.OddsBits);
        _starts = new PackedReader(file.Start + sections.Starts, sections.StartBits);
        _contexts = sections.Contexts;
        _countAbove = layout.Levels[level + 1].Count;
        _contextsBefore = new int[(Count + BlockBits - 1) / BlockBits];
        var before = 0;
        for (var gram = 0; gram < Count; gram++)
        {
            if (gram % BlockBits == 0)
                _contextsBefore[gram / BlockBits] = before;
            before += IsContext(gram) ? 1 : 0;
        }
    }

    /// <summary>How many n-grams.</summary>
    public int Count { get; }

    /// <summary>The last token of an n-gram.</summary>
    public int Token(int gram) => (int)_tokens[gram];

    /// <summary>The weight of an n-gram among those of its context.</summary>
    public float Weight(int gram) => _weights[gram];

    /// <summary>Finds the continuation of a context by a token among the n-grams from one place to another of this level, or gives -1.</summary>
    public int Find(int token, int begin, int end)
    {
        while (begin < end)
        {
            var middle = begin + (end - begin) / 2;
            var found = Token(middle);
            if (found == token)
                return middle;
            if (found < token)
                begin = middle + 1;
            else
                end = middle;
        }

        return -1;
    }

    /// <summary>The continuations of an n-gram one level above and the odds of the shorter context, or false where there are none.</summary>
    public bool TryGetContext(int gram, out NGramContext context)
    {
        context = default;
        if (_contextsBefore.Length == 0 || !IsContext(gram))
            return false;
        var block = gram / BlockBits;
        var index = _contextsBefore[block];
        for (var word = block * (BlockBits / 64); word < gram / 64; word++)
            index += BitOperations.PopCount(_isContext[word]);
        index += BitOperations.PopCount(_isContext[gram / 64] & ((1UL << (gram % 64)) - 1));
        var end = index + 1 < _contexts ? (int)_starts[index + 1] : _countAbove;
        context = new NGramContext((int)_starts[index], end, _odds[index]);
        return true;
    }

    private bool IsContext(int gram) => (_isContext[gram / 64] >> (gram % 64) & 1) != 0;
}

/// <summary>What a context leads to.</summary>
/// <param name="Begin">The first of its continuations.</param>
/// <param name="End">One after the last.</param>
/// <param name="Odds">How many times the mass of its continuations the shorter context has.</param>
internal readonly record struct NGramContext(int Begin, int End, double Odds);
