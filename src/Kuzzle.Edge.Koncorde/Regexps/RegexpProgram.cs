using System.Collections;

namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>
/// A compiled expression. Code points that no set of it tells apart are one class, so that a text is a row of small numbers. Immutable, and shared
/// by every matcher.
/// </summary>
internal sealed class RegexpProgram
{
    private readonly int[] _bounds;
    private readonly int[] _classes;
    private readonly int[] _asciiClasses = new int[0x80];
    private readonly BitArray[] _setClasses;

    public RegexpProgram(RegexpInstruction[] instructions, int start, CharSet[] sets)
    {
        Instructions = instructions;
        Start = start;
        foreach (var instruction in instructions)
        {
            if (instruction.Kind == RegexpInstructionKind.Assert) Assertions |= 1 << instruction.Argument;
        }

        // The classes of an assertion: words and lines.
        CharSet[] told = [.. sets, CharSet.WordLetters, CharSet.AnyButNewline];
        _bounds = [.. told.SelectMany(static set => set.Bounds.ToArray()).Append(0).Where(static bound => bound < CharSet.End).Distinct().Order()];
        _classes = new int[_bounds.Length];
        ClassCount = Divide(told);
        for (var value = 0; value < _asciiClasses.Length; value++) _asciiClasses[value] = _classes[IntervalOf(value)];

        _setClasses = Array.ConvertAll(sets, ClassesOf);
        WordClasses = ClassesOf(CharSet.WordLetters);
        NewlineClass = _asciiClasses['\n'];
    }

    public RegexpInstruction[] Instructions { get; }

    public int Start { get; }

    /// <summary>A bit for every <see cref="RegexpAssertion"/> that occurs.</summary>
    public int Assertions { get; }

    /// <summary>Whether a match can begin at a line, even when none can begin now.</summary>
    public bool CanBeginLater => (Assertions & (1 << (int)RegexpAssertion.BeginOfLine)) != 0;

    public int ClassCount { get; }

    public int NewlineClass { get; }

    public BitArray WordClasses { get; }

    public int ClassOf(int value) => value < _asciiClasses.Length ? _asciiClasses[value] : _classes[IntervalOf(value)];

    public bool IsInSet(int set, int characterClass) => _setClasses[set][characterClass];

    /// <summary>Gives intervals the same number until a set tells them apart.</summary>
    private int Divide(CharSet[] sets)
    {
        var count = 1;
        var renamed = new Dictionary<int, int>();
        foreach (var set in sets)
        {
            renamed.Clear();
            foreach (var interval in IntervalsOf(set))
            {
                ref var name = ref _classes[interval];
                if (!renamed.TryGetValue(name, out var newName)) renamed.Add(name, newName = count++);
                name = newName;
            }
        }

        renamed.Clear();
        foreach (ref var name in _classes.AsSpan())
        {
            if (!renamed.TryGetValue(name, out var newName)) renamed.Add(name, newName = renamed.Count);
            name = newName;
        }

        return renamed.Count;
    }

    private BitArray ClassesOf(CharSet set)
    {
        var classes = new BitArray(ClassCount);
        foreach (var interval in IntervalsOf(set)) classes[_classes[interval]] = true;
        return classes;
    }

    private IEnumerable<int> IntervalsOf(CharSet set)
    {
        for (var i = 0; i < set.Bounds.Length; i += 2)
        {
            var last = set.Bounds[i + 1] - 1;
            for (var interval = IntervalOf(set.Bounds[i]); interval < _bounds.Length && _bounds[interval] <= last; interval++) yield return interval;
        }
    }

    private int IntervalOf(int value)
    {
        var found = Array.BinarySearch(_bounds, value);
        return found < 0 ? ~found - 1 : found;
    }
}
