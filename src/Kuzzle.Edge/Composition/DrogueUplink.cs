using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Devices.Events;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Sync.Bridges;

namespace Kuzzle.Edge.Composition;

/// <summary>Joins the devices of this box with bridges that speak for them elsewhere: what they say waits in the bridge's session, and commands from there are commands of the registry.</summary>
/// <param name="broker">The broker, which keeps what waits.</param>
/// <param name="api">The API, which sends commands.</param>
/// <param name="clock">Time.</param>
internal sealed class DrogueUplink(IMqttBroker broker, KuzzleApi api, TimeProvider clock) : IEventRelay
{
    private readonly ClientConnection _connection = new("internal", remoteAddress: null);
    private IReadOnlySet<string> _applications = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The applications that a bridge speaks for.</summary>
    public IReadOnlySet<string> Applications
    {
        get => Volatile.Read(ref _applications);
        set => Volatile.Write(ref _applications, value);
    }

    /// <inheritdoc/>
    public ValueTask RelayAsync(DeviceEvent said, CancellationToken cancellationToken)
    {
        if (!Applications.Contains(said.Application)) return default;

        var payload = said.Payload.IsEmpty && said.Data is { } data ? Encoding.UTF8.GetBytes(data.GetRawText()) : said.Payload;
        var message = new MqttMessage(DrogueGateway.TopicOf(said.Application, said.Device, said.Channel), payload)
        {
            Qos = QualityOfService.AtLeastOnce,
            ContentType = said.ContentType ?? said.DataContentType,
        };
        return broker.PublishAsync(message, cancellationToken);
    }

    /// <inheritdoc cref="IBridgeHome.CommandAsync"/>
    public async Task<string?> CommandAsync(BridgeCommand command, CancellationToken cancellationToken)
    {
        var arguments = new JsonObject
        {
            ["application"] = command.Application,
            ["device"] = command.Device,
            ["command"] = command.Command,
            ["ttl"] = (long)command.Ttl.TotalMilliseconds,
            ["qos"] = command.Ttl > TimeSpan.Zero ? 1 : 0,
        };
        var body = new JsonObject { ["payload_base64"] = Convert.ToBase64String(command.Payload.Span) };
        if (command.ContentType is { } type) body["contentType"] = type;
        var request = ApiRequest.Create(EdgeControllers.Commands, "send", _connection, Caller.System, clock) with
        {
            Arguments = JsonElement.Parse(arguments.ToJsonString()),
            Body = JsonElement.Parse(body.ToJsonString()),
        };
        var response = await api.ExecuteAsync(request, cancellationToken);
        return response.Error is { } error ? string.Create(CultureInfo.InvariantCulture, $"{error.Message} ({error.Id})") : null;
    }
}
