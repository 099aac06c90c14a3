namespace Kuzzle.Edge.Testing.Transcripts;

/// <summary>The checked-in list of recorded lines that are answered otherwise here, each with its reason. It may only shrink.</summary>
public sealed class Unsupported
{
    private readonly Dictionary<string, string> _reasons = new(StringComparer.Ordinal);

    /// <summary>Reads lines of the form <c>title | reason</c>; <c>#</c> begins a comment.</summary>
    public Unsupported(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            if (line.Length == 0 || line.StartsWith('#')) continue;
            var bar = line.LastIndexOf(" | ", StringComparison.Ordinal);
            if (bar < 0) throw new FormatException($"A line reads 'title | reason'; this one does not: {line}");
            _reasons.Add(line[..bar], line[(bar + 3)..]);
        }
    }

    /// <summary>How many lines it holds.</summary>
    public int Count => _reasons.Count;

    /// <summary>Whether the line is in the list.</summary>
    public bool Contains(string title) => _reasons.ContainsKey(title);

    /// <summary>What is in the list, but in no recording.</summary>
    public IEnumerable<string> Strangers(IEnumerable<Exchange> exchanges) => _reasons.Keys.Except(
        exchanges.SelectMany(exchange => exchange.Notifications.Select(notification => notification.Title).Prepend(exchange.Title)), StringComparer.Ordinal);
}
