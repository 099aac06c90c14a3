using System.Buffers;
using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Realtime;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Api.Tests.Hostile;

/// <summary>An open API over a store in memory, asked in bytes and answering in bytes, as a listener would.</summary>
internal sealed class Gateway : IDisposable
{
    private readonly ManualClock _clock = new();

    public Gateway()
    {
        Api = new KuzzleApi(new ApiOptions { FreshRights = FreshRights.Open }, Store, _clock, NullLoggerFactory.Instance);
        Api.AddSink("mqtt", Sink);
    }

    public KuzzleApi Api { get; }

    public InMemoryDocumentStore Store { get; } = new();

    public RecordingSink Sink { get; } = new();

    public ClientConnection Connection { get; } = new("mqtt", remoteAddress: null);

    /// <summary>Null when the payload is no request.</summary>
    public async Task<JsonElement?> AskAsync(byte[] payload)
    {
        if (!ApiRequest.TryParse(payload, Connection, _clock, out var request, out _)) return null;

        var output = new ArrayBufferWriter<byte>();
        (await Api.ExecuteAsync(request, CancellationToken.None)).WriteTo(output);
        return JsonElement.Parse(output.WrittenSpan);
    }

    public async Task<JsonElement> AskAsync(string json) => (await AskAsync(Encoding.UTF8.GetBytes(json))) ?? throw new ArgumentException($"No request: {json}", nameof(json));

    public async Task MustAsync(string json) => (await AskAsync(json)).GetProperty("status").GetInt32().ShouldBe(200, json);

    public void Dispose() => Api.Dispose();
}
