using System.Text;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>The text of a pattern while it is read: where the reader stands, the flags in force there, and what is wrong, if something is.</summary>
internal sealed class RegexpPattern
{
    private readonly int[] _values;

    public RegexpPattern(Utf8Text pattern, RegexpFlags flags)
    {
        Flags = flags;
        List<int> values = [];
        for (var rest = pattern.Span; !rest.IsEmpty;)
        {
            var value = CodePoints.Next(ref rest);
            values.Add(value is >= 0xD800 and <= 0xDFFF ? Rune.ReplacementChar.Value : value);
        }

        _values = [.. values];
    }

    public int At { get; set; }

    public int Length => _values.Length;

    public RegexpFlags Flags { get; set; }

    /// <summary>The first thing that is wrong, in RE2's words; or null.</summary>
    public string? Error { get; private set; }

    public int this[int at] => _values[at];

    public int Next() => _values[At++];

    /// <summary>Where a letter stands next, or -1.</summary>
    public int IndexOf(char letter) => Array.IndexOf(_values, letter, At);

    public bool IsAtEnd => At == _values.Length;

    public bool TryReadNumber(out int number)
    {
        number = 0;
        var from = At;
        while (!IsAtEnd && _values[At] is >= '0' and <= '9')
        {
            if (number >= 100_000_000) return false;

            number = (number * 10) + (_values[At++] - '0');
        }

        return At > from && !(At > from + 1 && _values[from] == '0');
    }

    public bool Sees(char letter) => !IsAtEnd && _values[At] == letter;

    public bool Sees(string letters) => Sees(letters[0]) && At + 1 < _values.Length && _values[At + 1] == letters[1];

    public bool TryTake(char letter)
    {
        var isThere = Sees(letter);
        if (isThere) At++;
        return isThere;
    }

    public string TextFrom(int from) => TextFrom(from, _values.Length);

    public string TextFrom(int from, int to)
    {
        var text = new StringBuilder();
        foreach (var value in _values.AsSpan(from, Math.Min(to, _values.Length) - from)) text.Append(new Rune(value).ToString());
        return text.ToString();
    }

    public RegexpNode? Fail(string error)
    {
        Error ??= error;
        return null;
    }

    public bool Reject(string error)
    {
        Error ??= error;
        return false;
    }
}
