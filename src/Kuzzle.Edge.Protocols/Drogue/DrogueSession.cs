using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Protocols.Drogue;

/// <summary>One device over one connection.</summary>
/// <param name="client">The connection.</param>
/// <param name="identity">Who it has proven to be.</param>
/// <param name="origin">Its address, or null.</param>
/// <param name="since">When it came.</param>
/// <param name="commandBuffer">How many commands one subscription may have on their way.</param>
internal sealed class DrogueSession(IDialectClient client, DeviceIdentity identity, string? origin, DateTimeOffset since, int commandBuffer) : IDeviceSession
{
    // A gateway for more devices than these asks for all of them with one filter.
    private const int MaxFilters = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Inbox> _inboxes = new(StringComparer.Ordinal);
    private int _unsettled;
    private TaskCompletionSource? _settled;
    private bool _listensAnew;

    /// <inheritdoc/>
    public DeviceIdentity Identity => identity;

    /// <inheritdoc/>
    public string Transport => "mqtt";

    /// <inheritdoc/>
    public string? Origin => origin;

    /// <inheritdoc/>
    public DateTimeOffset Since => since;

    /// <summary>The device, for everything that is done in the order of its coming and going.</summary>
    public string Lane { get; } = $"{identity.Application}/{identity.Device}";

    /// <summary>Completes when the last message whose device had to be looked up has been handed on. Used on the connection's loop only.</summary>
    public Task LastLookup { get; set; } = Task.CompletedTask;

    /// <summary>That the device may speak for itself.</summary>
    public DeviceRuling Itself { get; } = DeviceRuling.Allow(identity.Device, identity.DeviceUid);

    /// <summary>The event of the will, once it is due.</summary>
    public DeviceEvent? DueWill { get; set; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Filters
    {
        get
        {
            lock (_gate) return [.. _inboxes.Keys];
        }
    }

    /// <inheritdoc/>
    public bool ListensFor(string device)
    {
        lock (_gate) return _inboxes.Values.Any(inbox => inbox.Filter.AsksFor(identity.Device, device));
    }

    /// <summary>Adds a filter, if it is not there.</summary>
    /// <returns>False when it has as many as it may.</returns>
    public bool Subscribe(InboxFilter filter)
    {
        lock (_gate)
        {
            if (_inboxes.ContainsKey(filter.Text)) return true;
            if (_inboxes.Count >= MaxFilters) return false;

            _inboxes.Add(filter.Text, new Inbox(filter, new SemaphoreSlim(commandBuffer)));
            _listensAnew = true;
            return true;
        }
    }

    /// <summary>Removes a filter.</summary>
    /// <returns>False when it is not there.</returns>
    public bool Unsubscribe(string filter)
    {
        lock (_gate) return _inboxes.Remove(filter);
    }

    /// <summary>Whether there are filters that the registry has not heard of.</summary>
    public bool TakeNews()
    {
        lock (_gate)
        {
            var isNew = _listensAnew;
            _listensAnew = false;
            return isNew;
        }
    }

    /// <inheritdoc/>
    public async Task<CommandDelivery> DeliverAsync(DeviceCommand command, CancellationToken cancellationToken)
    {
        Inbox[] inboxes;
        lock (_gate) inboxes = [.. _inboxes.Values.Where(inbox => inbox.Filter.AsksFor(identity.Device, command))];

        var copies = Array.ConvertAll(inboxes, inbox => SendAsync(inbox, command, cancellationToken)).ToList();
        var outcome = CommandDelivery.NotListening;
        while (copies.Count > 0)
        {
            var copy = await Task.WhenAny(copies);
            copies.Remove(copy);
            outcome = await copy;
            if (outcome == CommandDelivery.Delivered) break; // The others are on their way, and nobody needs to know what becomes of them.
        }

        return outcome;
    }

    /// <inheritdoc/>
    public void Close(SessionEnd why) => client.Close(ReasonCode.AdministrativeAction, why switch
    {
        SessionEnd.Disabled => "The device is disabled.",
        SessionEnd.Deleted => "The device is deleted.",
        SessionEnd.CredentialsChanged => "The credentials of the device have changed.",
        _ => "The session was closed by an administrator.",
    });

    /// <summary>A message of the device has come that is not settled.</summary>
    public void Enter() => Interlocked.Increment(ref _unsettled);

    /// <summary>It is settled.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (Interlocked.Decrement(ref _unsettled) == 0) _settled?.TrySetResult();
        }
    }

    /// <summary>Completes when all messages of the device are settled. Once no more can come.</summary>
    public Task WhenSettledAsync()
    {
        lock (_gate)
        {
            if (Volatile.Read(ref _unsettled) == 0) return Task.CompletedTask;

            _settled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _settled.Task;
        }
    }

    private async Task<CommandDelivery> SendAsync(Inbox inbox, DeviceCommand command, CancellationToken cancellationToken)
    {
        var topic = inbox.Filter.TopicOf(identity.Device, command)!;
        await inbox.Room.WaitAsync(cancellationToken);
        try
        {
            var qos = command.WantsAcknowledgement ? QualityOfService.AtLeastOnce : QualityOfService.AtMostOnce;
            return await client.SendAsync(new MqttMessage(topic, command.Payload) { Qos = qos }, cancellationToken) switch
            {
                SendOutcome.Delivered => CommandDelivery.Delivered,
                SendOutcome.Refused => CommandDelivery.Refused,
                SendOutcome.Unsendable => CommandDelivery.Unsendable,
                _ => CommandDelivery.Lost,
            };
        }
        finally
        {
            inbox.Room.Release();
        }
    }

    private sealed record Inbox(InboxFilter Filter, SemaphoreSlim Room);
}
