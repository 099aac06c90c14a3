using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>The sets behind <c>\p{…}</c>: general categories, from the base library, and scripts.</summary>
internal static class UnicodeProperties
{
    // In the order of UnicodeCategory; the last, unassigned code points, has no name in RE2.
    private static readonly string[] CategoryNames =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co",
        "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So",
    ];

    // Only names that exist enter, so this holds two hundred sets at most.
    private static readonly ConcurrentDictionary<string, CharSet> Known = new(StringComparer.Ordinal);

    public static bool TryFind(string name, [NotNullWhen(true)] out CharSet? set)
    {
        if (name is "Any") set = CharSet.Any;
        else if (Known.TryGetValue(name, out set)) return true;
        else if (UnicodeScripts.TryFind(name, out set) || TryFindCategory(name, out set)) Known.TryAdd(name, set);
        return set is not null;
    }

    private static bool TryFindCategory(string name, [NotNullWhen(true)] out CharSet? set)
    {
        set = null;
        if (name.Length == 0 || !Array.Exists(CategoryNames, category => category.StartsWith(name, StringComparison.Ordinal))) return false;

        var builder = new CharSetBuilder();
        for (var value = 0; value < CharSet.End; value++)
        {
            var category = (int)CharUnicodeInfo.GetUnicodeCategory(value);
            if (category < CategoryNames.Length && CategoryNames[category].StartsWith(name, StringComparison.Ordinal)) builder.Add(value, value);
        }

        set = builder.Build();
        return true;
    }
}
