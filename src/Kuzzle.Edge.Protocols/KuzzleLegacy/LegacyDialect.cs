using System.Collections.Frozen;
using System.Text;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Protocols.Requests;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>
/// Kuzzle's MQTT dialect of 2015: a publication on <c>controller.collection.action</c> is a request, whose answer is published on <c>mqtt.&lt;clientId&gt;</c>, to whoever
/// listens there. It lives beside Kuzzle 2 on the same listeners, whose clients see nothing of it.
/// </summary>
internal sealed partial class LegacyDialect
{
    private readonly MqttBroker _broker;
    private readonly ILogger _logger;
    private readonly LegacyRooms _rooms;
    private readonly FrozenDictionary<(string Controller, string Action), LegacyAction> _actions;

    /// <param name="isTaken">Whether a topic belongs to somebody else, so that no room may be heard on it.</param>
    public LegacyDialect(
        KuzzleLegacyOptions options, KuzzleApi api, MqttBroker broker, Func<string, bool> isTaken, TimeProvider clock, ILogger logger)
    {
        _broker = broker;
        _logger = logger;
        var actions = new LegacyApi(options, api, clock);
        var documents = new LegacyDocuments(actions);
        var collections = new LegacyCollections(actions);
        Notifications = new LegacyNotifications(name => !IsForbiddenName(name) && !isTaken(name), Publish);
        _rooms = new LegacyRooms(actions, Notifications, api.Disconnect);
        _actions = new Dictionary<(string Controller, string Action), LegacyAction>
        {
            [("subscribe", "on")] = new(_rooms.OnAsync, NeedsClient: true),
            [("subscribe", "join")] = new(_rooms.JoinAsync, NeedsClient: true),
            [("subscribe", "off")] = new(_rooms.OffAsync, NeedsClient: true),
            [("subscribe", "count")] = new(_rooms.CountAsync, NeedsClient: true),
            [("write", "create")] = new(documents.CreateAsync, NeedsClient: false),
            [("write", "publish")] = new(documents.PublishAsync, NeedsClient: false),
            [("write", "createOrUpdate")] = new(documents.CreateOrUpdateAsync, NeedsClient: false),
            [("write", "replace")] = new(documents.ReplaceAsync, NeedsClient: false),
            [("write", "update")] = new(documents.UpdateAsync, NeedsClient: false),
            [("write", "delete")] = new(documents.DeleteAsync, NeedsClient: false),
            [("write", "deleteByQuery")] = new(documents.DeleteByQueryAsync, NeedsClient: false),
            [("read", "get")] = new(documents.GetAsync, NeedsClient: true),
            [("read", "search")] = new(documents.SearchAsync, NeedsClient: true),
            [("read", "count")] = new(documents.CountAsync, NeedsClient: true),
            [("admin", "deleteCollection")] = new(collections.DeleteAsync, NeedsClient: false),
            [("admin", "putMapping")] = new(collections.PutMappingAsync, NeedsClient: false),
            [("admin", "getMapping")] = new(collections.GetMappingAsync, NeedsClient: true),
            [("bulk", "import")] = new(new LegacyImport(actions).ImportAsync, NeedsClient: false),
        }.ToFrozenDictionary();
    }

    /// <summary>The way out for notifications.</summary>
    public LegacyNotifications Notifications { get; }

    /// <summary>Whether clients may not publish on a topic because the gateway does.</summary>
    public bool IsReserved(ReadOnlySpan<byte> topic) =>
        LegacyNames.IsReserved(topic) || (topic.Length <= LegacyNames.Longest && Notifications.IsLive(Encoding.UTF8.GetString(topic)));

    /// <summary>A connection listens on a topic: clients and rooms of that name last as long as it does.</summary>
    public void Listen(ClientConnection connection, string topic) => _rooms.Listen(connection, topic);

    /// <summary>A connection has gone for good.</summary>
    public void Depart(ClientConnection connection) => _rooms.Depart(connection);

    /// <summary>Executes a request and answers it, if there is somewhere to answer.</summary>
    public async Task AnswerAsync(ClientConnection connection, MqttMessage message)
    {
        if (!LegacyRequest.TryParse(message.Topic, message.Payload, connection, out var request, out var clientId, out var fault))
        {
            LogUnusable(message.Topic, fault);
            Send(clientId, LegacyAnswer.Fail(fault));
            return;
        }

        Send(clientId, await ExecuteAsync(request));
    }

    /// <summary>Answers a request that is not executed.</summary>
    public void Refuse(MqttMessage message, ApiError error)
    {
        var clientId = Entrance.FindText(message.Payload, "clientId");
        Send(clientId is not null && LegacyNames.IsUsable(clientId) ? clientId : null, error);
    }

    private async ValueTask<LegacyAnswer> ExecuteAsync(LegacyRequest request)
    {
        var topic = request.Topic;
        if (!_actions.TryGetValue((topic.Controller, topic.Action), out var action))
        {
            return LegacyAnswer.Fail($"The controller \"{topic.Controller}\" has no action \"{topic.Action}\".");
        }

        if (action.NeedsClient && request.ClientId is null)
        {
            // The page of 2015: such a query is discarded, for there is nowhere to send what it asks for.
            LogWithoutClient(topic.Controller, topic.Action);
            return LegacyAnswer.Silence;
        }

        try
        {
            return await action.Execute(request, CancellationToken.None);
        }
        catch (Exception e)
        {
            // The last stop of a request's errors: a defect of ours costs this request, not the connection nor the process.
            LogFailed(topic.Controller, topic.Action, e);
            return NetworkErrors.Unexpected();
        }
    }

    private void Send(string? clientId, LegacyAnswer answer)
    {
        if (clientId is null || ReferenceEquals(answer, LegacyAnswer.Silence)) return;

        var json = answer.ToJson();
        Publish(LegacyNames.TopicOf(clientId), json);
        Publish(LegacyNames.SlashedTopicOf(clientId), json);
    }

    private void Publish(string topic, ReadOnlyMemory<byte> json) => _broker.Publish(new MqttMessage(topic, json));

    /// <summary>A bare name is one word that nobody else speaks under: no topic of the broker, of a device or of another client.</summary>
    private static bool IsForbiddenName(string name) => name.Contains('/', StringComparison.Ordinal) || name[0] == '$' || LegacyNames.IsReserved(name);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A publication on {Topic} is no usable request of the 2015 dialect: {Fault}")]
    private partial void LogUnusable(string topic, string fault);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A request {Controller}.*.{Action} of the 2015 dialect is discarded: it has no usable clientId.")]
    private partial void LogWithoutClient(string controller, string action);

    [LoggerMessage(Level = LogLevel.Error, Message = "The request {Controller}.*.{Action} of the 2015 dialect failed.")]
    private partial void LogFailed(string controller, string action, Exception exception);

    /// <summary>What to do for an action, and whether there is a sense in it when nobody hears the answer.</summary>
    private sealed record LegacyAction(Func<LegacyRequest, CancellationToken, ValueTask<LegacyAnswer>> Execute, bool NeedsClient);
}
