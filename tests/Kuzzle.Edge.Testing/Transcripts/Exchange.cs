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
    private readonly List<RecordedNotification> _notifications = [];

    /// <summary>The line's own name.</summary>
    public string Title => TitleOf(Group, Name, Number);

    /// <summary>What the recording's clients heard before the next request. They did not listen on all channels.</summary>
    public IReadOnlyList<RecordedNotification> Notifications => _notifications;

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
            if (recorded["group"] is null) continue; // The first line says what the file is.

            var (group, name) = ((string)recorded["group"]!, (string)recorded["name"]!);
            var number = seen[group + name] = seen.GetValueOrDefault(group + name) + 1;
            if (recorded["request"] is JsonObject request)
            {
                exchanges.Add(new Exchange(group, name, number, request, recorded["response"]!.AsObject()));
                continue;
            }

            var client = name.EndsWith("@C", StringComparison.Ordinal) ? 'C' : 'A';
            exchanges[^1]._notifications.Add(
                new RecordedNotification(TitleOf(group, name, number), client, (string)recorded["topic"]!, recorded["notification"]!.AsObject()));
        }

        return exchanges;
    }

    private static string TitleOf(string group, string name, int number) => number == 1 ? $"{group}: {name}" : $"{group}: {name} ({number})";
}
