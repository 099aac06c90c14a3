using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Testing.Transcripts;

/// <summary>One recorded request and its answer.</summary>
/// <param name="Group">Groups are played one after another, each on an empty server.</param>
/// <param name="Name">What the line is about; with the group and its number among its namesakes it names the line.</param>
/// <param name="Number">1 for the first line of that name in the group.</param>
/// <param name="Request">What was sent.</param>
/// <param name="Response">What came back, without what differs from run to run.</param>
public sealed record Exchange(string Group, string Name, int Number, JsonObject Request, JsonObject Response)
{
    /// <summary>The line's own name.</summary>
    public string Title => Number == 1 ? $"{Group}: {Name}" : $"{Group}: {Name} ({Number})";

    /// <summary>Which of the recording's three clients sent it: A, unless the name says otherwise.</summary>
    public char Client => Name switch
    {
        ['B', ' ', ..] => 'B',
        ['C', ' ', ..] => 'C',
        "unsubscribe not subscribed" => 'B',
        _ => 'A',
    };

    /// <summary>All recorded exchanges, in the order of the recording.</summary>
    public static IReadOnlyList<Exchange> ReadAll(string file)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var exchanges = new List<Exchange>();
        foreach (var line in File.ReadLines(file))
        {
            var recorded = JsonNode.Parse(line)!.AsObject();
            if (recorded["request"] is not JsonObject request || recorded["response"] is not JsonObject response) continue;

            var (group, name) = ((string)recorded["group"]!, (string)recorded["name"]!);
            var number = seen[group + name] = seen.GetValueOrDefault(group + name) + 1;
            exchanges.Add(new Exchange(group, name, number, request, response));
        }

        return exchanges;
    }
}
