namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>Works out where in a program one can be after the next code point.</summary>
internal sealed class RegexpPlaces(RegexpProgram program)
{
    private const int AsksForWords = (1 << (int)RegexpAssertion.WordBoundary) | (1 << (int)RegexpAssertion.NoWordBoundary);
    private const int AsksForLines = 1 << (int)RegexpAssertion.BeginOfLine;

    private readonly Stack<int> _pending = [];
    private readonly bool[] _seen = new bool[program.Instructions.Length];
    private readonly List<int> _reached = [];

    public RegexpState? Begin()
    {
        Clear();
        return Reach(program.Start, RegexpContext.Begin, after: null) ? null : Collect(RegexpContext.Begin);
    }

    /// <summary>The state after a code point of a class, or after the end of the text; null when the text matches.</summary>
    public RegexpState? Advance(RegexpState from, int characterClass)
    {
        // What the next code point is settles the assertions that looked forward.
        Clear();
        foreach (var place in from.Places)
        {
            if (Reach(place, from.Before, characterClass)) return null;
        }

        int[] resolved = [.. _reached];
        Clear();
        if (characterClass == program.ClassCount) return Collect(RegexpContext.Other);

        var before = ContextOf(characterClass);
        foreach (var place in resolved)
        {
            var instruction = program.Instructions[place];
            if (instruction.Kind != RegexpInstructionKind.Set || !program.IsInSet(instruction.Argument, characterClass)) continue;
            if (Reach(instruction.Next, before, after: null)) return null;
        }

        return Reach(program.Start, before, after: null) ? null : Collect(before); // a match may begin anywhere
    }

    private RegexpContext ContextOf(int characterClass)
    {
        if ((program.Assertions & AsksForLines) != 0 && characterClass == program.NewlineClass) return RegexpContext.Newline;

        return (program.Assertions & AsksForWords) != 0 && program.WordClasses[characterClass] ? RegexpContext.Word : RegexpContext.Other;
    }

    /// <summary>Goes on from a place without reading, as far as is known what comes; true when that is a match.</summary>
    private bool Reach(int place, RegexpContext before, int? after)
    {
        _pending.Push(place);
        while (_pending.TryPop(out place))
        {
            if (_seen[place]) continue;

            _seen[place] = true;
            var instruction = program.Instructions[place];
            switch (instruction.Kind)
            {
                case RegexpInstructionKind.Match:
                    return true;
                case RegexpInstructionKind.Set:
                    _reached.Add(place);
                    break;
                case RegexpInstructionKind.Fork:
                    _pending.Push(instruction.Next);
                    _pending.Push(instruction.Argument);
                    break;
                default:
                    var assertion = (RegexpAssertion)instruction.Argument;
                    if (after is null && assertion >= RegexpAssertion.EndOfText) _reached.Add(place); // to be settled by the next code point
                    else if (Holds(assertion, before, after ?? 0)) _pending.Push(instruction.Next);
                    break;
            }
        }

        return false;
    }

    private bool Holds(RegexpAssertion assertion, RegexpContext before, int after)
    {
        var isEnd = after == program.ClassCount;
        var isBoundary = (before == RegexpContext.Word) != (!isEnd && program.WordClasses[after]);
        return assertion switch
        {
            RegexpAssertion.BeginOfText => before == RegexpContext.Begin,
            RegexpAssertion.BeginOfLine => before is RegexpContext.Begin or RegexpContext.Newline,
            RegexpAssertion.EndOfText => isEnd,
            RegexpAssertion.EndOfLine => isEnd || after == program.NewlineClass,
            RegexpAssertion.WordBoundary => isBoundary,
            _ => !isBoundary,
        };
    }

    private RegexpState Collect(RegexpContext before)
    {
        _reached.Sort();
        return new RegexpState([.. _reached], before);
    }

    private void Clear()
    {
        _pending.Clear();
        _reached.Clear();
        Array.Clear(_seen);
    }
}
