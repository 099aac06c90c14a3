using System.Diagnostics.CodeAnalysis;
using System.Text;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Sessions;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>
/// What a dialect sends to one client, which is told of each acknowledgement. Apart from the session, which no message of the tree gets into on such a listener, so
/// the packet identifiers are all its own; and nothing is sent again, for the session ends with the connection.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Neither has a timer or a wait handle, so there is nothing to free, and senders may still use them when the connection has ended.")]
internal sealed class DialectMessages(BrokerCore core, ClientConnection connection)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, TaskCompletionSource<SendOutcome>> _unacknowledged = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _window = new(connection.SendWindow);
    private ushort _last;

    /// <summary>Sends a message at QoS 0 or 1.</summary>
    public async Task<SendOutcome> SendAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        if (message.Qos == QualityOfService.ExactlyOnce) throw new ArgumentException("A dialect sends at QoS 0 or 1.", nameof(message));

        if (!TopicName.IsValid(Encoding.UTF8.GetBytes(message.Topic)) || message.Payload.Length > core.Limits.MaxPacketBytes) return SendOutcome.Unsendable;

        // Not while the client does not read: what it has not read would only grow.
        await connection.Output.WaitForRoomAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return message.Qos == QualityOfService.AtMostOnce
            ? Write(message, identifier: 0) ? SendOutcome.Delivered : connection.IsEnding ? SendOutcome.Lost : SendOutcome.Unsendable
            : await SendAtLeastOnceAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>PUBACK. A stray one frees nothing. [MQTT5-4.9.0-2]</summary>
    public void OnPuback(ushort identifier, ReasonCode reason)
    {
        TaskCompletionSource<SendOutcome>? sent;
        lock (_gate)
        {
            if (!_unacknowledged.Remove(identifier, out sent)) return;
        }

        _ = _window.Release();
        _ = sent.TrySetResult(reason < ReasonCode.UnspecifiedError ? SendOutcome.Delivered : SendOutcome.Refused);
    }

    /// <summary>The connection has ended: nothing will be acknowledged any more.</summary>
    public void End()
    {
        _ended.Cancel();
        TaskCompletionSource<SendOutcome>[] lost;
        lock (_gate)
        {
            lost = [.. _unacknowledged.Values];
            _unacknowledged.Clear();
        }

        foreach (var sent in lost) _ = sent.TrySetResult(SendOutcome.Lost);
    }

    private async Task<SendOutcome> SendAtLeastOnceAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token))
        {
            try
            {
                await _window.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return SendOutcome.Lost;
            }
        }

        if (Register() is not var (identifier, sent)) return SendOutcome.Lost;

        var isWritten = false;
        try
        {
            isWritten = Write(message, identifier);
        }
        finally
        {
            if (!isWritten) Forget(identifier);
        }

        if (!isWritten) return connection.IsEnding ? SendOutcome.Lost : SendOutcome.Unsendable;

        // Its place in the window is free when the client has acknowledged it, whoever waits for that.
        return await sent.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Null when the connection has ended.</summary>
    private (ushort Identifier, TaskCompletionSource<SendOutcome> Sent)? Register()
    {
        lock (_gate)
        {
            if (_ended.IsCancellationRequested) return null;

            do _last = _last == ushort.MaxValue ? (ushort)1 : (ushort)(_last + 1); // The window is smaller than the identifiers are many.
            while (_unacknowledged.ContainsKey(_last));

            var sent = new TaskCompletionSource<SendOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
            _unacknowledged.Add(_last, sent);
            return (_last, sent);
        }
    }

    private void Forget(ushort identifier)
    {
        lock (_gate) _ = _unacknowledged.Remove(identifier);
        _ = _window.Release();
    }

    /// <returns>False when it is larger than the client takes, or the connection ends.</returns>
    private bool Write(MqttMessage message, ushort identifier)
    {
        var batch = core.Batches.Rent();
        try
        {
            var publication = MessageEncoding.View(message, batch);
            var copy = new QueuedMessage(publication, [], null, (byte)message.Qos, Retain: false, IsReplay: false);
            return !connection.IsEnding && connection.TryWriteDirectly(copy, identifier, batch);
        }
        finally
        {
            core.Batches.Finish(batch);
        }
    }
}
