namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>Reads escapes that stand for one letter.</summary>
internal sealed class RegexpEscapes(RegexpPattern pattern)
{
    /// <summary>Takes the escape that stands here.</summary>
    public bool TryRead(out int value)
    {
        var from = pattern.At++;
        if (pattern.IsAtEnd)
        {
            value = 0;
            return pattern.Reject("trailing \\");
        }

        var letter = pattern.Next();
        value = letter switch
        {
            'a' => '\a',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            >= '0' and <= '7' => ReadOctal(letter),
            'x' => ReadHex(digits: 2, canBeShorter: false),
            'u' => ReadHex(digits: 4, canBeShorter: false),
            'c' => ReadControl(),
            _ when letter < 0x80 && !char.IsAsciiLetterOrDigit((char)letter) => letter,
            _ => -1,
        };
        return value >= 0 || pattern.Reject($"invalid escape sequence: {pattern.TextFrom(from, pattern.At)}");
    }

    /// <summary>A single digit but 0 would be a reference to a group, which a linear engine has not.</summary>
    private int ReadOctal(int first)
    {
        var value = first - '0';
        if (value != 0 && (pattern.IsAtEnd || pattern[pattern.At] is not (>= '0' and <= '7'))) return -1;

        for (var i = 0; i < 2 && !pattern.IsAtEnd && pattern[pattern.At] is >= '0' and <= '7'; i++) value = (value * 8) + (pattern.Next() - '0');
        return value;
    }

    private int ReadControl() => !pattern.IsAtEnd && pattern[pattern.At] < 0x80 && char.IsAsciiLetter((char)pattern[pattern.At]) ? pattern.Next() % 32 : -1;

    private int ReadHex(int digits, bool canBeShorter)
    {
        if (pattern.TryTake('{'))
        {
            var braced = ReadHex(digits: 8, canBeShorter: true);
            return braced >= 0 && pattern.TryTake('}') ? braced : -1;
        }

        var value = 0;
        for (var i = 0; i < digits; i++)
        {
            if (pattern.IsAtEnd || pattern[pattern.At] >= 0x80 || !char.IsAsciiHexDigit((char)pattern[pattern.At])) return canBeShorter && i > 0 ? value : -1;

            value = (value * 16) + Convert.ToInt32(((char)pattern.Next()).ToString(), 16);
            if (value >= CharSet.End) return -1;
        }

        return value;
    }
}
