namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>Turns an expression into steps, from its end to its begin, so that each knows where to go on.</summary>
internal sealed class RegexpCompiler
{
    // About what RE2's default of 8 MB allows. The time for one code point of a text is at worst in proportion to this.
    private const int MaxInstructions = 30_000;

    // Of all different sets together. Telling the code points apart takes time and memory in proportion to the square.
    private const int MaxRanges = 6_000;

    private readonly List<RegexpInstruction> _instructions = [new(RegexpInstructionKind.Match, 0, 0)];
    private readonly Dictionary<CharSet, int> _sets = [];

    private int _ranges;

    private bool IsTooLarge => _instructions.Count > MaxInstructions || _ranges > MaxRanges;

    /// <summary>Null when the program would be too large.</summary>
    public static RegexpProgram? Compile(RegexpNode expression)
    {
        var compiler = new RegexpCompiler();
        var start = compiler.Emit(expression, 0);
        return compiler.IsTooLarge ? null : new RegexpProgram([.. compiler._instructions], start, [.. compiler._sets.OrderBy(static set => set.Value).Select(static set => set.Key)]);
    }

    private int Emit(RegexpNode node, int next)
    {
        if (IsTooLarge) return next;

        switch (node.Kind)
        {
            case RegexpNodeKind.Set:
                return Add(RegexpInstructionKind.Set, NumberOf(node.Set!), next);
            case RegexpNodeKind.Assertion:
                return Add(RegexpInstructionKind.Assert, (int)node.Assertion, next);
            case RegexpNodeKind.Sequence:
                for (var i = node.Parts.Length - 1; i >= 0; i--) next = Emit(node.Parts[i], next);
                return next;
            case RegexpNodeKind.Choice:
                var choice = Emit(node.Parts[^1], next);
                for (var i = node.Parts.Length - 2; i >= 0; i--) choice = Add(RegexpInstructionKind.Fork, Emit(node.Parts[i], next), choice);
                return choice;
            default:
                return EmitRepeat(node.Parts[0], node.Least, node.Most, next);
        }
    }

    private int EmitRepeat(RegexpNode part, int least, int? most, int next)
    {
        var entry = next;
        if (most is null)
        {
            var loop = Add(RegexpInstructionKind.Fork, 0, next);
            var body = Emit(part, loop);
            _instructions[loop] = new RegexpInstruction(RegexpInstructionKind.Fork, body, next);
            entry = least == 0 ? loop : body;
            least--;
        }

        for (var i = least; i < most && !IsTooLarge; i++) entry = Add(RegexpInstructionKind.Fork, Emit(part, entry), next);
        for (var i = 0; i < least && !IsTooLarge; i++) entry = Emit(part, entry);
        return entry;
    }

    private int NumberOf(CharSet set)
    {
        if (_sets.TryGetValue(set, out var number)) return number;

        number = _sets.Count;
        _sets.Add(set, number);
        _ranges += set.Bounds.Length / 2;
        return number;
    }

    private int Add(RegexpInstructionKind kind, int argument, int next)
    {
        _instructions.Add(new RegexpInstruction(kind, argument, next));
        return _instructions.Count - 1;
    }
}
