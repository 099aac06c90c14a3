using System.Buffers;
using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Api.Tests;

/// <summary>An API over a store in memory, asked in bytes and answering in bytes, as a listener would; open unless the options say otherwise.</summary>
internal sealed class Gateway : IDisposable
{
    public Gateway(ApiOptions? options = null)
    {
        Api = new KuzzleApi(options ?? new ApiOptions { FreshRights = FreshRights.Open }, Store, Clock, NullLoggerFactory.Instance, Appliance);
        Api.AddSink("mqtt", Sink);
    }

    public KuzzleApi Api { get; }

    public RecordingAppliance Appliance { get; } = new();

    public ManualClock Clock { get; } = new();

    public InMemoryDocumentStore Store { get; } = new();

    public RecordingSink Sink { get; } = new();

    public ClientConnection Connection { get; } = new("mqtt", remoteAddress: null);

    /// <summary>Null when the payload is no request.</summary>
    public async Task<JsonElement?> AskAsync(byte[] payload, ClientConnection? connection = null)
    {
        if (!ApiRequest.TryParse(payload, connection ?? Connection, Clock, out var request, out _)) return null;

        var output = new ArrayBufferWriter<byte>();
        (await Api.ExecuteAsync(request, CancellationToken.None)).WriteTo(output);
        return JsonElement.Parse(output.WrittenSpan);
    }

    public async Task<JsonElement> AskAsync(string json, ClientConnection? connection = null) =>
        (await AskAsync(Encoding.UTF8.GetBytes(json), connection)) ?? throw new ArgumentException($"No request: {json}", nameof(json));

    /// <summary>Asks in short: controller:action, the collection <c>i/c</c>, and more members of the request.</summary>
    public Task<JsonElement> DoAsync(string name, string members = "", ClientConnection? connection = null)
    {
        var (controller, action) = (name[..name.IndexOf(':', StringComparison.Ordinal)], name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        var more = members.Length == 0 ? "" : $",{members}";
        return AskAsync($$"""{"controller":"{{controller}}","action":"{{action}}","index":"i","collection":"c"{{more}}}""", connection);
    }

    /// <summary>As <see cref="DoAsync"/>, for what must succeed; answers its result.</summary>
    public async Task<JsonElement> MustAsync(string name, string members = "", ClientConnection? connection = null)
    {
        var answer = await DoAsync(name, members, connection);
        answer.GetProperty("status").GetInt32().ShouldBe(200, answer.ToString());
        return answer.GetProperty("result");
    }

    /// <summary>As <see cref="DoAsync"/>, for what must fail; answers the error's id.</summary>
    public async Task<string?> ErrorOfAsync(string name, string members = "") => (await DoAsync(name, members)).GetProperty("error").GetProperty("id").GetString();

    public void Dispose() => Api.Dispose();
}
