namespace Kuzzle.Edge.Sqlite.Search.Regexps;

/// <summary>
/// Makes languages of languages, each once, and derives them: what may follow after one letter. Equal languages of the usual forms become the same node, so
/// that the derivatives of one expression are few.
/// </summary>
/// <exception cref="SearchRefusedException">When there are too many.</exception>
internal sealed class RegexpAlgebra
{
    /// <summary>As Elasticsearch's bound on the states of an expression, times what a state is made of. More would let one query take the memory of a board.</summary>
    private const int MaxNodes = 50_000;

    private readonly Dictionary<string, RegexpNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<(RegexpNode Node, int Rune), RegexpNode> _derivatives = [];

    public RegexpAlgebra()
    {
        Nothing = Make(RegexpOperator.Nothing, matchesEmpty: false, null, []);
        Empty = Make(RegexpOperator.Empty, matchesEmpty: true, null, []);
        Anything = Repeat(Letter(RuneSet.All));
    }

    public RegexpNode Nothing { get; }

    public RegexpNode Empty { get; }

    public RegexpNode Anything { get; }

    public RegexpNode Letter(RuneSet letters) => letters.Ranges.Count == 0 ? Nothing : Make(RegexpOperator.Letter, matchesEmpty: false, letters, []);

    public RegexpNode Sequence(RegexpNode first, RegexpNode second)
    {
        if (first == Nothing || second == Nothing) return Nothing;
        if (first == Empty) return second;
        if (second == Empty) return first;
        if (first.Operation == RegexpOperator.Sequence) return Sequence(first.Parts[0], Sequence(first.Parts[1], second));
        return Make(RegexpOperator.Sequence, first.MatchesEmpty && second.MatchesEmpty, null, [first, second]);
    }

    public RegexpNode Union(params ReadOnlySpan<RegexpNode> parts)
    {
        var all = new SortedDictionary<int, RegexpNode>();
        foreach (var part in parts) AddTo(all, part, RegexpOperator.Union);
        all.Remove(Nothing.Number);
        if (all.ContainsKey(Anything.Number)) return Anything;
        RegexpNode[] distinct = [.. all.Values];
        return distinct.Length switch
        {
            0 => Nothing,
            1 => distinct[0],
            _ => Make(RegexpOperator.Union, Array.Exists(distinct, static part => part.MatchesEmpty), null, distinct),
        };
    }

    public RegexpNode Intersection(params ReadOnlySpan<RegexpNode> parts)
    {
        var all = new SortedDictionary<int, RegexpNode>();
        foreach (var part in parts) AddTo(all, part, RegexpOperator.Intersection);
        if (all.ContainsKey(Nothing.Number)) return Nothing;
        all.Remove(Anything.Number);
        RegexpNode[] distinct = [.. all.Values];
        return distinct.Length switch
        {
            0 => Anything,
            1 => distinct[0],
            _ => Make(RegexpOperator.Intersection, Array.TrueForAll(distinct, static part => part.MatchesEmpty), null, distinct),
        };
    }

    public RegexpNode Complement(RegexpNode part)
    {
        if (part == Nothing) return Anything;
        if (part == Anything) return Nothing;
        return part.Operation == RegexpOperator.Complement ? part.Parts[0] : Make(RegexpOperator.Complement, !part.MatchesEmpty, null, [part]);
    }

    public RegexpNode Repeat(RegexpNode part) =>
        part.Operation is RegexpOperator.Nothing or RegexpOperator.Empty ? Empty
        : part.Operation == RegexpOperator.Repetition ? part
        : Make(RegexpOperator.Repetition, matchesEmpty: true, null, [part]);

    /// <summary>What may follow after a letter.</summary>
    public RegexpNode Derive(RegexpNode node, int rune)
    {
        if (_derivatives.TryGetValue((node, rune), out var known)) return known;
        var derived = node.Operation switch
        {
            RegexpOperator.Letter => node.Letters!.Contains(rune) ? Empty : Nothing,
            RegexpOperator.Sequence => DeriveSequence(node, rune),
            RegexpOperator.Union => Union(Array.ConvertAll(node.Parts, part => Derive(part, rune))),
            RegexpOperator.Intersection => Intersection(Array.ConvertAll(node.Parts, part => Derive(part, rune))),
            RegexpOperator.Complement => Complement(Derive(node.Parts[0], rune)),
            RegexpOperator.Repetition => Sequence(Derive(node.Parts[0], rune), node),
            _ => Nothing,
        };
        if (_derivatives.Count > MaxNodes * 4) throw TooComplex();
        _derivatives[(node, rune)] = derived;
        return derived;
    }

    public static SearchRefusedException TooComplex() => SearchRefusedException.BadRequest("[regexp] the expression is too complex to determinize");

    private RegexpNode DeriveSequence(RegexpNode node, int rune)
    {
        var derived = Sequence(Derive(node.Parts[0], rune), node.Parts[1]);
        return node.Parts[0].MatchesEmpty ? Union(derived, Derive(node.Parts[1], rune)) : derived;
    }

    private static void AddTo(SortedDictionary<int, RegexpNode> all, RegexpNode part, RegexpOperator operation)
    {
        if (part.Operation != operation)
        {
            all[part.Number] = part;
            return;
        }

        foreach (var inner in part.Parts) all[inner.Number] = inner;
    }

    private RegexpNode Make(RegexpOperator operation, bool matchesEmpty, RuneSet? letters, RegexpNode[] parts)
    {
        var key = $"{(int)operation}:{letters?.Key}:{string.Join(',', parts.Select(static part => part.Number))}";
        if (_nodes.TryGetValue(key, out var known)) return known;
        if (_nodes.Count >= MaxNodes) throw TooComplex();
        var made = new RegexpNode(_nodes.Count, operation, matchesEmpty, letters, parts);
        _nodes.Add(key, made);
        return made;
    }
}
