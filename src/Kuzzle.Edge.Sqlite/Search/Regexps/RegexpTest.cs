using System.Text;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Regexps;

/// <summary>A whole value, or a word of a text, in a regular language. A table of states: each letter is looked at once, whatever the expression.</summary>
internal sealed class RegexpTest : ValueTest
{
    /// <summary>As in Elasticsearch (<c>max_determinized_states</c>).</summary>
    private const int MaxStates = 10_000;

    private readonly int[] _starts;
    private readonly int[] _next;
    private readonly bool[] _accepts;
    private readonly byte[] _asciiClasses = new byte[128];

    private RegexpTest(int[] starts, int[] next, bool[] accepts)
    {
        _starts = starts;
        _next = next;
        _accepts = accepts;
        for (var i = 0; i < _asciiClasses.Length; i++) _asciiClasses[i] = (byte)ClassOf(i);
    }

    /// <exception cref="SearchRefusedException">It is no expression, or too complex.</exception>
    public static RegexpTest Of(string expression, bool ignoreCase, bool hasExtras)
    {
        var algebra = new RegexpAlgebra();
        var root = RegexpParser.Parse(algebra, expression, ignoreCase, hasExtras);

        // Letters that no set tells apart are one class.
        var borders = new SortedSet<int> { 0 };
        CollectBorders(root, borders, []);
        if (borders.Count > byte.MaxValue) throw RegexpAlgebra.TooComplex();
        int[] starts = [.. borders];

        var numbers = new Dictionary<RegexpNode, int> { [root] = 0 };
        var states = new List<RegexpNode> { root };
        var next = new List<int>();
        for (var state = 0; state < states.Count; state++)
        {
            foreach (var letter in starts)
            {
                var derived = algebra.Derive(states[state], letter);
                if (!numbers.TryGetValue(derived, out var number))
                {
                    number = states.Count;
                    if (number >= MaxStates) throw RegexpAlgebra.TooComplex();
                    numbers.Add(derived, number);
                    states.Add(derived);
                }

                next.Add(number);
            }
        }

        return new RegexpTest(starts, [.. next], [.. states.Select(static state => state.MatchesEmpty)]);
    }

    public override bool Passes(FieldValue value)
    {
        if (value.Type != FieldValueType.Text) return false;
        var text = value.Text;
        var state = 0;
        while (!text.IsEmpty)
        {
            var length = 1;
            int letter;
            if (text[0] < 128)
            {
                letter = _asciiClasses[text[0]];
            }
            else
            {
                Rune.DecodeFromUtf8(text, out var rune, out length);
                letter = ClassOf(rune.Value);
            }

            state = _next[(state * _starts.Length) + letter];
            text = text[length..];
        }

        return _accepts[state];
    }

    private static void CollectBorders(RegexpNode node, SortedSet<int> borders, HashSet<RegexpNode> seen)
    {
        if (!seen.Add(node)) return;
        foreach (var (from, to) in node.Letters?.Ranges ?? [])
        {
            borders.Add(from);
            borders.Add(to + 1);
        }

        foreach (var part in node.Parts) CollectBorders(part, borders, seen);
    }

    private int ClassOf(int rune)
    {
        var found = Array.BinarySearch(_starts, rune);
        return found >= 0 ? found : ~found - 1;
    }
}
