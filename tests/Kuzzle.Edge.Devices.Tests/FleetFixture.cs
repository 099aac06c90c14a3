using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Realtime;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Devices.Provisioning;
using Kuzzle.Edge.Devices.Sensors.Clocks;
using Kuzzle.Edge.Devices.Tests.Sensors;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Devices.Tests;

/// <summary>An API with the devices of a gateway, over a store in memory that outlives restarts.</summary>
public sealed class FleetFixture : IAsyncDisposable, INotificationSink
{
    /// <summary>Quick, for what is tested here is not how slow it is.</summary>
    private static readonly DeviceOptions Options = new() { PasswordIterations = 10 };

    private readonly ClientConnection _listener = new("internal", remoteAddress: null);

    private FleetFixture(IDocumentStore store, ManualClock clock, DeviceOptions? options, IWallClock? wall, ILoggerFactory? loggers)
    {
        Store = store;
        Clock = clock;
        Api = new KuzzleApi(new ApiOptions { FreshRights = FreshRights.Open }, store, clock, NullLoggerFactory.Instance);
        Devices = new EdgeDevices(Api, options ?? Options, wall ?? new ManualWallClock(), clock, loggers ?? NullLoggerFactory.Instance);
        Api.AddSink("internal", this);
    }

    public IDocumentStore Store { get; }

    public ManualClock Clock { get; }

    public KuzzleApi Api { get; }

    public EdgeDevices Devices { get; }

    /// <summary>All notifications, oldest first.</summary>
    public List<JsonObject> Heard { get; } = [];

    /// <summary>What was wrong with what was declared.</summary>
    public IReadOnlyList<string> Faults { get; private set; } = [];

    public static async Task<FleetFixture> StartAsync(
        IDocumentStore? store = null, ManualClock? clock = null, DeclaredRegistry? declared = null, DeviceOptions? options = null, IWallClock? wall = null, ILoggerFactory? loggers = null)
    {
        var fleet = new FleetFixture(store ?? new InMemoryDocumentStore(), clock ?? new ManualClock(), options, wall, loggers);
        fleet.Faults = await fleet.Devices.OpenAsync(declared ?? DeclaredRegistry.Empty, CancellationToken.None);
        return fleet;
    }

    /// <summary>The same store with a new process.</summary>
    public async Task<FleetFixture> RestartAsync(DeclaredRegistry? declared = null, DeviceOptions? options = null, ILoggerFactory? loggers = null)
    {
        await DisposeAsync();
        return await StartAsync(Store, Clock, declared, options, loggers: loggers);
    }

    public async Task<ApiResponse> AskAsync(string controller, string action, string arguments)
    {
        var source = JsonNode.Parse(arguments)!.AsObject();
        source["controller"] = controller;
        source["action"] = action;
        ApiRequest.TryParse(System.Text.Encoding.UTF8.GetBytes(source.ToJsonString()), new ClientConnection("http", null), Clock, out var request, out var fault).ShouldBeTrue(fault?.Message);
        return await Api.ExecuteAsync(request, CancellationToken.None);
    }

    /// <summary>As <see cref="AskAsync"/>, which must be answered with a result.</summary>
    public async Task<JsonObject> DoAsync(string controller, string action, string arguments)
    {
        var response = await AskAsync(controller, action, arguments);
        response.Error.ShouldBeNull(response.Error?.Message);
        return response.Result!.AsObject();
    }

    /// <summary>Makes the application <c>plant</c>.</summary>
    public Task<JsonObject> PlantAsync(string document = "{}") => DoAsync("edge/applications", "create", $$"""{"_id":"plant","body":{{document}}}""");

    /// <summary>Makes a device of <c>plant</c>.</summary>
    public Task<JsonObject> DeviceAsync(string name, string document = "{}") =>
        DoAsync("edge/devices", "create", new JsonObject { ["application"] = "plant", ["_id"] = name, ["body"] = JsonNode.Parse(document) }.ToJsonString());

    public async Task<DeviceIdentity> IdentityAsync(string device)
    {
        var source = (await DoAsync("edge/devices", "get", new JsonObject { ["application"] = "plant", ["_id"] = device }.ToJsonString()))["_source"]!;
        var application = (await DoAsync("edge/applications", "get", """{"_id":"plant"}"""))["_source"]!;
        return new DeviceIdentity("plant", (string)source["metadata"]!["name"]!)
        {
            ApplicationUid = (string)application["metadata"]!["uid"]!,
            DeviceUid = (string)source["metadata"]!["uid"]!,
        };
    }

    public async Task<StubSession> ConnectAsync(string device, params string[] listensFor)
    {
        var session = new StubSession(await IdentityAsync(device), listensFor, Clock);
        await Devices.Sessions.OpenedAsync(session, CancellationToken.None);
        return session;
    }

    public async Task<DeviceEvent> SaidAsync(string device, string channel, string data = """{"value":1}""")
    {
        var identity = await IdentityAsync(device);
        return new DeviceEvent
        {
            Application = "plant",
            ApplicationUid = identity.ApplicationUid,
            Device = device,
            DeviceUid = identity.DeviceUid,
            Sender = device,
            SenderUid = identity.DeviceUid,
            Channel = channel,
            Time = Clock.GetUtcNow(),
            Payload = System.Text.Encoding.UTF8.GetBytes(data),
            Data = JsonElement.Parse(data),
            DataContentType = "application/json",
        };
    }

    public async Task<EventOutcome> SayAsync(string device, string channel, string data = """{"value":1}""") =>
        await Devices.Events.AcceptAsync(await SaidAsync(device, channel, data), CancellationToken.None);

    public async Task SubscribeAsync(string collection, string filter = "{}")
    {
        var request = ApiRequest.Create("realtime", "subscribe", _listener, Caller.System, Clock) with { Index = "plant", Collection = collection, Body = JsonElement.Parse(filter) };
        (await Api.ExecuteAsync(request, CancellationToken.None)).Error.ShouldBeNull();
    }

    public async Task<IReadOnlyList<StoredDocument>> StoredAsync(string collection, string index = "plant")
    {
        var found = await Store.SearchAsync(new SearchRequest { Targets = [new CollectionName(index, collection)], Size = 10_000 }, CancellationToken.None);
        return [.. found.Hits.Select(hit => hit.Document)];
    }

    public async Task<JsonElement> CommandAsync(string id) => (await Store.FindAsync(new CollectionName("plant", "commands"), id, CancellationToken.None)).ShouldNotBeNull().Source;

    /// <summary>Waits, in real time, until a command has a state.</summary>
    public async Task<JsonElement> CommandAsync(string id, string state)
    {
        for (var attempt = 0; attempt < 2000; attempt++)
        {
            var source = await CommandAsync(id);
            if (source.TryGetProperty("state", out var now) && now.GetString() == state) return source;
            await Task.Delay(5);
        }

        var last = await CommandAsync(id);
        last.GetProperty("state").GetString().ShouldBe(state);
        return last;
    }

    public async ValueTask DisposeAsync()
    {
        await Devices.DisposeAsync();
        Api.Dispose();
    }

    public void Broadcast(Notification notification)
    {
        lock (Heard) Heard.Add(JsonNode.Parse(notification.Json.Span)!.AsObject());
    }

    public void Send(ClientConnection connection, string channel, ReadOnlyMemory<byte> json)
    {
    }

    public void Join(ClientConnection connection, string channel)
    {
    }

    public void Leave(ClientConnection connection, string channel)
    {
    }
}
