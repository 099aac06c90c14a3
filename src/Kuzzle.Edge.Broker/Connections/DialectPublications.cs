using System.Runtime.InteropServices;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Metrics;
using Kuzzle.Edge.Broker.Sessions;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>
/// The messages of one client that its dialect has not answered. Several may be under way at once, or each would wait for a disk of its own; they are acknowledged in their
/// order.
/// </summary>
internal sealed partial class DialectPublications(BrokerCore core, ClientConnection connection, IDialectProfile dialect, Session session)
{
    // One commit takes them all. A client with more is not read: what it could make the process hold is this times its largest packet.
    private const int MaxUnanswered = 64;

    private readonly Lock _gate = new();
    private readonly Queue<Entry> _unanswered = new();
    private TaskCompletionSource<Ending?>? _room;
    private bool _isSettling;
    private bool _isOver; // A message was answered by the end of the connection: what came behind it is not acknowledged.

    /// <summary>Gives a message to the dialect.</summary>
    /// <param name="message">The message.</param>
    /// <param name="arrival">How it came.</param>
    /// <param name="batch">The caller's batch.</param>
    /// <param name="unfinished">What the client's next packet waits for, or null.</param>
    public void Take(MqttMessage message, Arrival arrival, DeliveryBatch batch, out Task<Ending?>? unfinished)
    {
        unfinished = null;
        var answering = dialect.PublishAsync(connection, message);
        bool isBehindOthers;
        lock (_gate) isBehindOthers = _isSettling; // It begins on this thread only.
        if (!isBehindOthers && answering.IsCompletedSuccessfully)
        {
            Settle(answering.Result, arrival, batch);
            return;
        }

        lock (_gate)
        {
            _unanswered.Enqueue(new Entry(answering.AsTask(), arrival));
            if (_unanswered.Count >= MaxUnanswered)
            {
                _room = new TaskCompletionSource<Ending?>(TaskCreationOptions.RunContinuationsAsynchronously);
                unfinished = _room.Task;
            }

            if (_isSettling) return;

            _isSettling = true;
            core.Pending.Run(SettleAllAsync);
        }
    }

    private async Task SettleAllAsync()
    {
        while (true)
        {
            Entry first;
            lock (_gate) first = _unanswered.Peek();

            await AnswerAsync(first).ConfigureAwait(false);
            lock (_gate)
            {
                _ = _unanswered.Dequeue();
                if (_unanswered.Count < MaxUnanswered) _room?.TrySetResult(null);
                if (_unanswered.Count > 0) continue;

                _isSettling = false;
                return;
            }
        }
    }

    private async Task AnswerAsync(Entry entry)
    {
        PublishVerdict verdict;
        try
        {
            verdict = await entry.Answering.ConfigureAwait(false);
        }
        catch (Exception failure) // The dialect's own fault: without an answer there is no acknowledgement, and the client sends it again once it is back.
        {
            LogFailed(core.Logger, connection.ClientId, failure);
            _isOver = true;
            connection.Close(Ending.Failed);
            return;
        }

        var batch = core.Batches.Rent();
        Settle(verdict, entry.Arrival, batch);
        core.Batches.Finish(batch);
    }

    private void Settle(in PublishVerdict verdict, Arrival arrival, DeliveryBatch batch)
    {
        if (_isOver) return;

        if (verdict.IsRefused) core.Metrics.Dropped(DropReason.Refused);
        if (verdict.Closes)
        {
            _isOver = true;
            connection.Close(Ending.Because(verdict.Code, verdict.Reason!));
            return;
        }

        switch (arrival.Qos)
        {
            case QualityOfService.AtLeastOnce:
                Acknowledgement.Append(connection, PacketType.Puback, arrival.Identifier, verdict.Code, batch, verdict.Reason);
                break;
            case QualityOfService.ExactlyOnce:
                // A refusal ends the exchange in 5.0, where the client sees it. [MQTT5-4.3.3-4]
                if (verdict.IsRefused && connection.IsVersion5) _ = session.Received.Release(arrival.Identifier, out _);
                Acknowledgement.Append(connection, PacketType.Pubrec, arrival.Identifier, verdict.Code, batch, verdict.Reason);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Client {ClientId}: the connection ends because its listener's profile has failed with a message")]
    private static partial void LogFailed(ILogger logger, string clientId, Exception failure);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(Task<PublishVerdict> Answering, Arrival Arrival);
}
