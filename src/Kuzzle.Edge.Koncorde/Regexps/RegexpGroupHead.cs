using System.Globalization;
using System.Text;

namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>Reads how a group begins: its flags, or its name.</summary>
internal sealed class RegexpGroupHead(RegexpPattern pattern)
{
    private readonly HashSet<string> _groupNames = new(StringComparer.Ordinal);

    /// <summary>Takes what stands behind <c>(?</c>, and puts the flags in force that it sets.</summary>
    public bool TryRead(int from, out bool isFlagsOnly)
    {
        isFlagsOnly = false;
        pattern.At++;
        if (pattern.Sees("P<") || (pattern.Sees('<') && !pattern.Sees("<=") && !pattern.Sees("<!"))) return TryReadName(from);
        if (pattern.Sees("<=") || pattern.Sees("<!")) return pattern.Reject($"invalid perl operator: {pattern.TextFrom(from, from + 4)}");

        var flags = pattern.Flags;
        bool isNegative = false, hasFlag = false;
        while (!pattern.IsAtEnd)
        {
            var letter = pattern.Next();
            switch (letter)
            {
                case '-' when !isNegative:
                    isNegative = true;
                    hasFlag = false;
                    break;
                case ':' or ')' when hasFlag || !isNegative:
                    pattern.Flags = flags;
                    isFlagsOnly = letter == ')';
                    return true;
                case 'i' or 'm' or 's' or 'U':
                    hasFlag = true;
                    flags = Set(flags, FlagOf(letter), !isNegative);
                    break;
                default:
                    return pattern.Reject($"invalid perl operator: {pattern.TextFrom(from, pattern.At)}");
            }
        }

        return pattern.Reject($"invalid perl operator: {pattern.TextFrom(from)}");
    }

    private bool TryReadName(int from)
    {
        pattern.At += pattern.Sees('P') ? 2 : 1;
        var end = pattern.IndexOf('>');
        if (end < 0) return pattern.Reject($"invalid named capture group: {pattern.TextFrom(from)}");

        var name = pattern.TextFrom(pattern.At, end);
        if (name.Length == 0 || !name.EnumerateRunes().All(static rune => Rune.IsLetterOrDigit(rune) || rune.Value == '_' || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation))
            return pattern.Reject($"invalid named capture group: {pattern.TextFrom(from, end + 1)}");
        if (!_groupNames.Add(name)) return pattern.Reject("duplicate capture group name");

        pattern.At = end + 1;
        return true;
    }

    private static RegexpFlags FlagOf(int letter) => letter switch
    {
        'i' => RegexpFlags.IgnoreCase,
        'm' => RegexpFlags.MultiLine,
        's' => RegexpFlags.DotAll,
        _ => RegexpFlags.None, // U: which match is preferred does not matter here
    };

    private static RegexpFlags Set(RegexpFlags flags, RegexpFlags flag, bool isOn) => isOn ? flags | flag : flags & ~flag;
}
