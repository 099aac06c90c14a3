using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Sync.Tests;

/// <summary>
/// The upstream's side of the wire: a WebSocket on loopback that keeps documents as Kuzzle does, and can be told to break at any point. The real product as
/// upstream is in the acceptance tests; this one exists to fail on purpose.
/// </summary>
internal sealed class KuzzleUpstream : IAsyncDisposable
{
    private static readonly JsonSerializerOptions AsDeepAsAny = new() { MaxDepth = 1000 };
    private static readonly JsonDocumentOptions DeepDocuments = new() { MaxDepth = 1000 };
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private WebSocket? _client;

    public KuzzleUpstream()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"ws://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public HashSet<string> Collections { get; } = new(StringComparer.Ordinal);

    /// <summary>What arrived, by <c>collection/id</c>.</summary>
    public Dictionary<string, string> Documents { get; } = new(StringComparer.Ordinal);

    public List<JsonObject> Requests { get; } = [];

    /// <summary>Asked before a request is carried out: an answer to give instead of carrying it out, or null.</summary>
    public Func<JsonObject, JsonObject?> Refuse { get; set; } = _ => null;

    /// <summary>Asked for each document of a write: why it is refused, or null.</summary>
    public Func<string, (string Reason, int Status)?> RefuseDocument { get; set; } = _ => null;

    /// <summary>Each write of a document that was carried out, by <c>collection/id</c>, in order.</summary>
    public List<string> Effects { get; } = [];

    /// <summary>Asked for each document that was written: true to name it neither among the successes nor among the errors.</summary>
    public Func<string, bool> Forgets { get; set; } = _ => false;

    /// <summary>Asked before a request is carried out: true to cut the connection instead.</summary>
    public Func<JsonObject, bool> CutBefore { get; set; } = _ => false;

    /// <summary>Asked after it was carried out: true to cut the connection instead of answering.</summary>
    public Func<JsonObject, bool> CutAfter { get; set; } = _ => false;

    /// <summary>The indexes that it lists.</summary>
    public List<string> Indexes { get; } = ["plant"];

    /// <summary>Whether it lists, counts and searches the collections of the index <c>plant</c>.</summary>
    public bool IsSearchable { get; set; }

    /// <summary>Whether it compresses, where the client can.</summary>
    public bool Compresses { get; set; }

    /// <summary>How many bytes came over the line.</summary>
    public long Bytes { get; private set; }

    public static JsonObject Ok(JsonNode result) => new() { ["status"] = 200, ["error"] = null, ["result"] = result };

    public static JsonObject Error(int status, string id) =>
        new() { ["status"] = status, ["error"] = new JsonObject { ["id"] = id, ["message"] = "as told", ["status"] = status }, ["result"] = null };

    /// <summary>Says something that nobody asked for.</summary>
    public Task TellAsync(JsonObject message) =>
        _client!.SendAsync(Encoding.UTF8.GetBytes(AsText(message)), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>Half a surrogate pair is nothing that a writer of JSON here would write; a Kuzzle does.</summary>
    private static string AsText(JsonObject message) => message.ToJsonString(AsDeepAsAny).Replace("HALF", "\\ud83d", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ServeAsync(client.GetStream());
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        var isCompressed = await ShakeHandsAsync(stream);
        using var counted = new CountingStream(stream, count => Bytes += count);
        using var socket = WebSocket.CreateFromStream(counted, new WebSocketCreationOptions { IsServer = true, DangerousDeflateOptions = isCompressed ? new WebSocketDeflateOptions() : null });
        _client = socket;
        var buffer = new byte[4 * 1024 * 1024];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult received;
                do
                {
                    received = await socket.ReceiveAsync(buffer.AsMemory(length), _stop.Token);
                    length += received.Count;
                }
                while (!received.EndOfMessage);

                if (received.MessageType == WebSocketMessageType.Close) return;

                var request = JsonNode.Parse(buffer.AsSpan(0, length))!.AsObject();
                JsonObject answer;
                lock (Requests)
                {
                    Requests.Add(request);
                    if (CutBefore(request)) return;

                    answer = Refuse(request) ?? (IsSearchable ? Search(request) : null) ?? CarryOut(request);
                    if (CutAfter(request)) return;
                }

                answer["requestId"] = (string?)request["requestId"];
                await socket.SendAsync(Encoding.UTF8.GetBytes(AsText(answer)), WebSocketMessageType.Text, endOfMessage: true, _stop.Token);
            }
        }
        catch (Exception gone) when (gone is WebSocketException or IOException)
        {
            // The client went away.
        }
    }

    private JsonObject? Search(JsonObject request) => ((string?)request["controller"], (string?)request["action"]) switch
    {
        ("index", "list") => Ok(new JsonObject { ["indexes"] = new JsonArray([.. Indexes.Select(name => (JsonNode)name)]) }),
        ("collection", "list") => Ok(new JsonObject { ["collections"] = new JsonArray([.. Collections.Select(name => (JsonNode)new JsonObject { ["name"] = name, ["type"] = "stored" })]) }),
        ("document", "count") => Ok(new JsonObject { ["count"] = Documents.Count }),

        // Nothing here says when it changed.
        ("document", "search") => Ok(new JsonObject
        {
            ["hits"] = new JsonArray([.. Documents
                .Where(_ => request["body"]!["query"] is null)
                .Select(document => (Id: document.Key[(document.Key.IndexOf('/', StringComparison.Ordinal) + 1)..], Source: document.Value))
                .OrderBy(document => document.Id, StringComparer.Ordinal)
                .Where(document => request["body"]!["search_after"] is not { } after || string.CompareOrdinal(document.Id, (string)after[0]!) > 0)
                .Take((int)request["size"]!)
                .Select(document => (JsonNode)new JsonObject { ["_id"] = document.Id, ["_source"] = JsonNode.Parse(document.Source, documentOptions: DeepDocuments) })]),
            ["total"] = Documents.Count,
        }),
        _ => null,
    };

    private JsonObject CarryOut(JsonObject request)
    {
        var collection = (string?)request["collection"];
        switch ((string?)request["action"])
        {
            case "now":
                return Ok(new JsonObject { ["now"] = 1 });
            case "create":
                Collections.Add(collection!);
                return Ok(new JsonObject { ["acknowledged"] = true });
            case "mWrite" or "mDelete" when !Collections.Contains(collection!):
                return Error(412, "services.storage.unknown_collection");
            case "mGet":
                var ids = request["body"]!["ids"]!.AsArray().Select(id => (string)id!).ToList();
                var found = ids.Where(id => Documents.ContainsKey($"{collection}/{id}")).Select(id => (JsonNode)new JsonObject { ["_id"] = id, ["_source"] = JsonNode.Parse(Documents[$"{collection}/{id}"], documentOptions: DeepDocuments) });
                return Ok(new JsonObject { ["successes"] = new JsonArray([.. found]), ["errors"] = new JsonArray() });
            case "mWrite":
                var refused = new JsonArray();
                var taken = new JsonArray();
                foreach (var document in request["body"]!["documents"]!.AsArray())
                {
                    if (RefuseDocument((string)document!["_id"]!) is { } refusal)
                    {
                        refused.Add(new JsonObject { ["document"] = document.DeepClone(), ["reason"] = refusal.Reason, ["status"] = refusal.Status });
                        continue;
                    }

                    Documents[$"{collection}/{(string?)document!["_id"]}"] = document["body"]!.ToJsonString(Readable);
                    Effects.Add($"{collection}/{(string?)document!["_id"]}");
                    if (!Forgets((string)document["_id"]!)) taken.Add(new JsonObject { ["_id"] = (string?)document["_id"], ["_version"] = 1 });
                }

                return Ok(new JsonObject { ["successes"] = taken, ["errors"] = refused });
            case "mDelete":
                var errors = new JsonArray();
                var deleted = new JsonArray();
                foreach (var id in request["body"]!["ids"]!.AsArray())
                {
                    if (Documents.Remove($"{collection}/{(string?)id}"))
                    {
                        deleted.Add((string?)id);
                        continue;
                    }

                    errors.Add(new JsonObject { ["_id"] = (string?)id, ["reason"] = "document not found", ["status"] = 404 });
                }

                return Ok(new JsonObject { ["successes"] = deleted, ["errors"] = errors });
            default:
                return Error(404, "api.process.action_not_found");
        }
    }

    private async Task<bool> ShakeHandsAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var key = "";
        var isOffered = false;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            if (line.StartsWith("Sec-WebSocket-Key: ", StringComparison.OrdinalIgnoreCase)) key = line["Sec-WebSocket-Key: ".Length..];
            isOffered |= line.Contains("permessage-deflate", StringComparison.OrdinalIgnoreCase);
        }

#pragma warning disable CA5350 // RFC 6455 section 4.2.2 wants SHA-1; nothing is protected by it.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n{(isOffered && Compresses ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "")}\r\n"));
        return isOffered && Compresses;
    }
}
