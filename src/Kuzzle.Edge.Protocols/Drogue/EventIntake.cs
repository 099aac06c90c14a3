using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Protocols.Drogue;

/// <summary>Makes events of messages, and says to their senders what became of them.</summary>
internal sealed partial class EventIntake(RejectionV311 rejectV311, IDeviceRegistry registry, IDeviceEvents events, TimeProvider clock, ILogger logger)
{
    /// <summary>Handles a message to the end.</summary>
    public ValueTask<PublishVerdict> HandleAsync(IDialectClient client, DrogueSession session, MqttMessage message)
    {
        var identity = session.Identity;
        if (!DrogueTopic.TryRead(identity.Dialect, message.Topic, out var topic))
        {
            return RejectAsync(client, session, message, ReasonCode.TopicNameInvalid, TopicFault(identity.Dialect));
        }

        if (!EventContent.TryRead(message.ContentType, message.Payload, out var content, out var fault))
        {
            return RejectAsync(client, session, message, ReasonCode.UnspecifiedError, fault);
        }

        var looking = topic.Device is null || topic.Device == identity.Device ? new(session.Itself)
            : topic.Device.Length == 0 ? new(DeviceRuling.Refuse(DeviceRulingRefusal.UnknownDevice))
            : registry.MayActForAsync(identity, topic.Device, CancellationToken.None);
        if (session.LastLookup.IsCompleted && looking.IsCompletedSuccessfully)
        {
            var ruling = looking.Result;
            return ruling.IsAllowed
                ? AnswerAsync(client, session, message, Submit(session, topic.Channel, ruling, message, content))
                : RefuseAsync(client, session, message, ruling);
        }

        return SubmitInTurnAsync(client, session, message, topic.Channel, content, looking);
    }

    /// <summary>The event that a message is.</summary>
    public DeviceEvent EventOf(DrogueSession session, string channel, DeviceRuling target, MqttMessage message, EventContent content) => new()
    {
        Application = session.Identity.Application,
        ApplicationUid = session.Identity.ApplicationUid,
        Device = target.Device!,
        DeviceUid = target.DeviceUid!,
        Sender = session.Identity.Device,
        SenderUid = session.Identity.DeviceUid,
        Channel = channel,
        Time = clock.GetUtcNow(),
        Payload = message.Payload,
        Data = content.Json,
        DataContentType = content.Type,
        ContentType = message.ContentType,
        Extensions = message.UserProperties.Count == 0 ? [] : [.. message.UserProperties.Select(property => KeyValuePair.Create(property.Name, property.Value))],
    };

    /// <summary>Events of one sender are handed on in the order of their messages: one whose device must be looked up holds back those behind it.</summary>
    private ValueTask<PublishVerdict> SubmitInTurnAsync(
        IDialectClient client, DrogueSession session, MqttMessage message, string channel, EventContent content, ValueTask<DeviceRuling> looking)
    {
        var before = session.LastLookup;
        var handedOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        session.LastLookup = handedOn.Task;
        return WaitAsync();

        async ValueTask<PublishVerdict> WaitAsync()
        {
            DeviceRuling ruling;
            ValueTask<EventOutcome> accepting = default;
            try
            {
                ruling = await looking;
                await before;
                if (ruling.IsAllowed) accepting = Submit(session, channel, ruling, message, content);
            }
            finally
            {
                handedOn.SetResult();
            }

            return ruling.IsAllowed ? await AnswerAsync(client, session, message, accepting) : await RefuseAsync(client, session, message, ruling);
        }
    }

    private ValueTask<EventOutcome> Submit(DrogueSession session, string channel, DeviceRuling target, MqttMessage message, EventContent content) =>
        events.AcceptAsync(EventOf(session, channel, target, message, content), CancellationToken.None); // Whoever is gone has sent it nevertheless.

    private async ValueTask<PublishVerdict> AnswerAsync(IDialectClient client, DrogueSession session, MqttMessage message, ValueTask<EventOutcome> accepting)
    {
        var outcome = await accepting;
        return outcome.Fate switch
        {
            EventFate.Accepted or EventFate.Dropped => PublishVerdict.Accepted,
            EventFate.Overloaded => await RejectAsync(client, session, message, ReasonCode.QuotaExceeded, outcome.Reason ?? "Too many events wait for the disk."),
            EventFate.Rejected => await RejectAsync(client, session, message, ReasonCode.UnspecifiedError, outcome.Reason ?? "The event is rejected."),
            _ => await RejectAsync(client, session, message, ReasonCode.UnspecifiedError, outcome.Reason ?? "The event could not be stored."),
        };
    }

    private ValueTask<PublishVerdict> RefuseAsync(IDialectClient client, DrogueSession session, MqttMessage message, DeviceRuling ruling) =>
        ruling.Refusal == DeviceRulingRefusal.Unavailable
            ? RejectAsync(client, session, message, ReasonCode.UnspecifiedError, "The device registry cannot be read at the moment.")
            : RejectAsync(client, session, message, ReasonCode.NotAuthorized, "This device may not speak for the other one.");

    /// <summary>MQTT 5 has a word for it at QoS 1 and 2. MQTT 3.1.1 has none: there the connection ends, or the message is kept and acknowledged.</summary>
    private async ValueTask<PublishVerdict> RejectAsync(IDialectClient client, DrogueSession session, MqttMessage message, ReasonCode code, string reason)
    {
        LogRejected(client.ClientId, session.Identity, message.Topic, reason);
        if (client.Version == MqttVersion.V5 || message.Qos == QualityOfService.AtMostOnce) return PublishVerdict.Refuse(code, reason);
        if (rejectV311 == RejectionV311.Close) return PublishVerdict.Close(code, reason);

        var kept = await events.KeepRejectedAsync(
            new RejectedEvent(session.Identity, message.Topic, message.Payload, clock.GetUtcNow(), reason), CancellationToken.None);
        return kept.Fate == EventFate.Accepted ? PublishVerdict.Accepted : PublishVerdict.Close(code, reason); // Acknowledged and lost it must not be.
    }

    private static string TopicFault(DeviceDialect dialect) =>
        !dialect.HasDevicePrefix && dialect.Type == DeviceDialect.DrogueV1.Type ? "The topic must be channel or channel/device."
        : dialect.HasDevicePrefix ? "The topic must be device/channel or /channel."
        : "The topic is empty.";

    [LoggerMessage(Level = LogLevel.Debug, Message = "MQTT client {Client}: a message of {Device} on {Topic} is rejected: {Reason}")]
    private partial void LogRejected(string client, DeviceIdentity device, string topic, string reason);
}
