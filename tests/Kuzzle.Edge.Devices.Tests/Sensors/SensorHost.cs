using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Devices.HomeAssistant;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Devices.Sensors.Definitions;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Devices.Tests.Sensors;

/// <summary>The sensors of a board that is a fake, over an API that is none.</summary>
internal sealed class SensorHost(InMemoryDocumentStore store) : IAsyncDisposable
{
    private readonly ClientConnection _client = new("internal", remoteAddress: null);
    private SensorService? _sensors;

    public SensorHost()
        : this(new InMemoryDocumentStore())
    {
    }

    public ManualClock Clock { get; init; } = new();

    public ManualWallClock Wall { get; } = new();

    public RecordingTopics Topics { get; init; } = new();

    public FakeBoard Board { get; init; } = new();

    public int MaxSensors { get; init; } = 1000;

    public FakeRegistry Registry { get; } = new();

    public HomeAssistantOptions? HomeAssistant { get; init; }

    public KuzzleApi Api => field ??= new KuzzleApi(new ApiOptions(), store, Clock, NullLoggerFactory.Instance);

    public SensorService Sensors => _sensors!;

    public async Task<SensorHost> StartAsync(params SensorOptions[] sensors)
    {
        _sensors = new SensorService(
            new SensorServiceOptions { Sensors = [.. sensors.Select(sensor => Definition(sensor))], HomeAssistant = HomeAssistant, MaxSensors = MaxSensors },
            new SensorNeighbours { Api = Api, Topics = Topics, Wall = Wall, ReadDefinition = Read, Devices = Registry, Board = new SensorBoard { Hardware = Board, Sysfs = "/nowhere" } },
            Clock,
            NullLoggerFactory.Instance);
        await _sensors.StartAsync(CancellationToken.None);
        return this;
    }

    public async Task<ApiResponse> AskAsync(string action, string? id = null, string? body = null, string arguments = "{}")
    {
        var request = ApiRequest.Create("edge/sensors", action, _client, Caller.System, Clock) with
        {
            Id = id,
            Body = body is null ? default : JsonElement.Parse(body),
            Arguments = JsonElement.Parse(arguments),
        };
        return await Api.ExecuteAsync(request, CancellationToken.None);
    }

    public async Task<IReadOnlyList<JsonElement>> StoredAsync(string collection)
    {
        var name = new CollectionName("sensors", collection);
        if (!store.Catalogue.TryGetCollection(name, out _)) return [];

        var found = await store.SearchAsync(new SearchRequest { Targets = [name], Size = 1000 }, CancellationToken.None);
        return [.. found.Hits.Select(hit => hit.Document.Source)];
    }

    /// <summary>Waits until documents are there, turning the clock a little meanwhile.</summary>
    public async Task<IReadOnlyList<JsonElement>> StoredAsync(string collection, int count)
    {
        await Waiting.UntilAsync(async () => await CountAsync(collection) >= count);
        return await StoredAsync(collection);
    }

    /// <summary>A definition as it was written; another text makes it another one.</summary>
    public static SensorDefinition Definition(SensorOptions sensor, string text = "") => new(sensor, new JsonObject { ["name"] = sensor.Name, ["text"] = text });

    public async ValueTask DisposeAsync()
    {
        if (_sensors is not null) await _sensors.DisposeAsync();
        Api.Dispose();
    }

    private static DefinitionResult Read(JsonElement definition)
    {
        if (!definition.TryGetProperty("seed", out var seed) || seed.ValueKind != JsonValueKind.Number) return new DefinitionResult(null, ["seed must be a number"]);

        return new DefinitionResult(
            new SensorOptions { Name = definition.GetProperty("name").GetString()!, Source = SensorSourceKind.Simulated, Seed = seed.GetInt32(), Store = ReadingStorage.All }, []);
    }

    private async Task<int> CountAsync(string collection)
    {
        var name = new CollectionName("sensors", collection);
        if (!store.Catalogue.TryGetCollection(name, out _)) return 0;

        return (await store.SearchAsync(new SearchRequest { Targets = [name], Size = 1000 }, CancellationToken.None)).Hits.Count;
    }
}
