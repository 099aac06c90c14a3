using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>
/// Runs a program on texts, all its ways at once, so that the time is in proportion to the text. The sets of places where it can be ("states") are
/// kept, with what leads from one to the next, and thrown away together when they become many. Not thread-safe.
/// </summary>
internal sealed class RegexpMatcher(RegexpProgram program)
{
    private const int Unknown = 0;
    private const int Matched = -1;
    private const int Failed = -2;

    // In table cells, four bytes each.
    private const int MaxTableSize = 64 * 1024;

    private readonly int _width = program.ClassCount + 1; // the last column is the end of the text
    private readonly List<RegexpState> _states = [];
    private readonly Dictionary<RegexpState, int> _numbers = [];
    private readonly RegexpPlaces _places = new(program);
    private int[] _table = [];
    private int _first;

    /// <summary>Whether the expression matches anywhere in a text.</summary>
    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        if (_states.Count == 0) _first = NumberOf(_places.Begin());
        var state = _first;
        while (state > Unknown && !text.IsEmpty)
        {
            var value = CodePoints.Next(ref text);
            state = Follow(state, program.ClassOf(value is >= 0xD800 and <= 0xDFFF ? 0xFFFD : value));
        }

        return state == Matched || (state > Unknown && Follow(state, program.ClassCount) == Matched);
    }

    private int Follow(int state, int characterClass)
    {
        ref var cell = ref _table[((state - 1) * _width) + characterClass];
        if (cell != Unknown) return cell;

        var next = _places.Advance(_states[state - 1], characterClass);
        if ((_states.Count + 1) * _width > MaxTableSize && (next is not { } known || !_numbers.ContainsKey(known))) return Restart(next);

        var number = NumberOf(next);
        _table[((state - 1) * _width) + characterClass] = number; // the table may have moved
        return number;
    }

    private int Restart(RegexpState? next)
    {
        _states.Clear();
        _numbers.Clear();
        Array.Clear(_table);
        _first = NumberOf(_places.Begin());
        return NumberOf(next);
    }

    private int NumberOf(RegexpState? state)
    {
        if (state is null) return Matched;
        if (state.IsEmpty && !program.CanBeginLater) return Failed;
        if (_numbers.TryGetValue(state, out var number)) return number;

        _states.Add(state);
        _numbers.Add(state, _states.Count);
        if (_states.Count * _width > _table.Length) Array.Resize(ref _table, Math.Max(_states.Count * _width, 2 * _table.Length));
        return _states.Count;
    }
}
