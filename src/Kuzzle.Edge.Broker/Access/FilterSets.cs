namespace Kuzzle.Edge.Broker.Access;

/// <summary>Topic filters as the sets of topics that they match. For subscriptions, not for each message: it allocates.</summary>
internal static class FilterSets
{
    /// <summary>The filter that matches exactly what both match; null when nothing does.</summary>
    public static string? Intersect(string first, string second)
    {
        var (a, b) = (first.Split('/'), second.Split('/'));
        if (IsHidden(a, b) || IsHidden(b, a)) return null;

        var common = new List<string>();
        for (var i = 0; ; i++)
        {
            if (i == a.Length || i == b.Length)
            {
                // Both end here, or the longer one goes on with nothing but #, which sees the level above, too. (4.7.1.2)
                var rest = i == a.Length ? b.AsSpan(i) : a.AsSpan(i);
                return rest is [] or ["#"] ? string.Join('/', common) : null;
            }

            if (a[i] == "#") return string.Join('/', [.. common, .. b[i..]]);
            if (b[i] == "#") return string.Join('/', [.. common, .. a[i..]]);
            if (a[i] != "+" && b[i] != "+" && a[i] != b[i]) return null;

            common.Add(a[i] == "+" ? b[i] : a[i]);
        }
    }

    /// <summary>Whether everything that <paramref name="inner"/> matches is matched by <paramref name="outer"/>.</summary>
    public static bool Covers(string outer, string inner)
    {
        var (o, n) = (outer.Split('/'), inner.Split('/'));
        if (IsHidden(o, n)) return false;

        for (var i = 0; ; i++)
        {
            if (i == o.Length) return i == n.Length;
            if (o[i] == "#") return true;
            if (i == n.Length || n[i] == "#") return false;
            if (o[i] != "+" && o[i] != n[i]) return false;
        }
    }

    /// <summary>A filter that begins with a wildcard does not see $SYS and its kind. [MQTT-4.7.2-1]</summary>
    private static bool IsHidden(string[] filter, string[] other) => filter[0] is "+" or "#" && other[0].StartsWith('$');
}
