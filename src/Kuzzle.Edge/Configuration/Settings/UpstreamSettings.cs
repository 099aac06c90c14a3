using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Sync;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>The Kuzzle to which documents go.</summary>
internal static class UpstreamSettings
{
    private static readonly UpstreamOptions Link = new() { Url = new Uri("ws://localhost:7512"), Collections = ["*/*"] };

    public static readonly Setting<Uri> Url = new(
        "url",
        new TextType<Uri>(
            "a WebSocket address such as \"ws://cloud.example:7512\"",
            static text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "ws" or "wss" ? url : null,
            static url => url.OriginalString),
        null,
        "Where the upstream's WebSocket is.")
    { IsRequired = true };

    public static readonly Setting<IReadOnlyList<string>> Collections = new(
        "collections",
        new ListType<string>("a list of collections", new TextType<string>("index/collection, with * for any name, such as \"plant/*\"", ParsePattern, static text => text)),
        null,
        "What goes up, as index/collection; `*` stands for any name.")
    { IsRequired = true };

    public static readonly Setting<string> Token = new("token", Types.Text, null, "A token or API key of the upstream. Without one the link is anonymous there.") { IsSecret = true };

    public static readonly Setting<int> BatchSize = new("batchSize", Types.Integer(1, 200), Link.BatchSize, "How many documents travel in one request.");

    public static readonly Setting<long> BatchBytes = new("batchBytes", Types.Bytes(1024, 16 * 1024 * 1024), Link.BatchBytes, "How much of documents travels in one request.");

    public static readonly Setting<TimeSpan> RequestTimeout = new(
        "requestTimeout", Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)), Link.RequestTimeout, "How long an answer may take before the link counts as broken.");

    public static readonly Setting<TimeSpan> KeepAlive = new(
        "keepAlive", Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), Link.KeepAlive, "How long a quiet link waits before it asks whether the upstream is there.");

    public static readonly Setting<TimeSpan> MaxRetryDelay = new(
        "maxRetryDelay", Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), Link.MaxRetryDelay, "The longest pause between two attempts to connect.");

    public static readonly Setting<SettingValues> Upstream = new(
        "upstream",
        new GroupType(new SettingSchema([Url, Collections, Token, BatchSize, BatchBytes, RequestTimeout, KeepAlive, MaxRetryDelay], [])),
        null,
        "The Kuzzle to which documents go. Absent: everything stays here.");

    public static IReadOnlyList<Setting> All { get; } = [Upstream];

    private static string? ParsePattern(string text)
    {
        try
        {
            CollectionPattern.Parse(text);
            return text;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
