namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>A part of a parsed regular expression. Immutable.</summary>
internal sealed class RegexpNode
{
    private RegexpNode(RegexpNodeKind kind, params RegexpNode[] parts)
    {
        Kind = kind;
        Parts = parts;
        Repeats = parts.Length == 0 ? 1 : parts.Max(static part => part.Repeats);
    }

    public RegexpNodeKind Kind { get; }

    public RegexpNode[] Parts { get; }

    public CharSet? Set { get; private init; }

    public RegexpAssertion Assertion { get; private init; }

    public int Least { get; private init; }

    /// <summary>How often a part may be repeated; null without limit.</summary>
    public int? Most { get; private init; }

    /// <summary>How many copies of a part repeats within repeats ask for, at most.</summary>
    public int Repeats { get; private init; }

    public static RegexpNode One(CharSet set) => new(RegexpNodeKind.Set) { Set = set };

    public static RegexpNode Assert(RegexpAssertion assertion) => new(RegexpNodeKind.Assertion) { Assertion = assertion };

    public static RegexpNode Sequence(List<RegexpNode> parts) => parts is [var single] ? single : new(RegexpNodeKind.Sequence, [.. parts]);

    public static RegexpNode Choice(List<RegexpNode> parts) => parts is [var single] ? single : new(RegexpNodeKind.Choice, [.. parts]);

    public static RegexpNode Repeat(RegexpNode part, int least, int? most) =>
        new(RegexpNodeKind.Repeat, part) { Least = least, Most = most, Repeats = part.Repeats * Math.Max(most ?? least, 1) };
}
