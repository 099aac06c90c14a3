namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>The sets behind <c>[:alpha:]</c> and its kind, all of ASCII.</summary>
internal static class PosixClasses
{
    public static CharSet? Find(string name) => name switch
    {
        "alnum" => new CharSet(['0', '9' + 1, 'A', 'Z' + 1, 'a', 'z' + 1]),
        "alpha" => new CharSet(['A', 'Z' + 1, 'a', 'z' + 1]),
        "ascii" => new CharSet([0, 0x80]),
        "blank" => new CharSet(['\t', '\t' + 1, ' ', ' ' + 1]),
        "cntrl" => new CharSet([0, 0x20, 0x7F, 0x80]),
        "digit" => CharSet.Digits,
        "graph" => new CharSet(['!', '~' + 1]),
        "lower" => new CharSet(['a', 'z' + 1]),
        "print" => new CharSet([' ', '~' + 1]),
        "punct" => new CharSet(['!', '/' + 1, ':', '@' + 1, '[', '`' + 1, '{', '~' + 1]),
        "space" => new CharSet(['\t', '\r' + 1, ' ', ' ' + 1]),
        "upper" => new CharSet(['A', 'Z' + 1]),
        "word" => CharSet.WordLetters,
        "xdigit" => new CharSet(['0', '9' + 1, 'A', 'F' + 1, 'a', 'f' + 1]),
        _ => null,
    };
}
