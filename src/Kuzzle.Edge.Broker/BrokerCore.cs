using System.Globalization;
using Kuzzle.Edge.Broker.Clients;
using Kuzzle.Edge.Broker.Connections;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Events;
using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Metrics;
using Kuzzle.Edge.Broker.Retained;
using Kuzzle.Edge.Broker.Sessions;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Broker.Subscriptions;
using Kuzzle.Edge.Broker.SysTopics;
using Kuzzle.Edge.Broker.Timing;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Broker;

/// <summary>The parts of one broker, as its connections and sessions use them.</summary>
internal sealed class BrokerCore : IDisposable
{
    public BrokerCore(MqttBrokerOptions options, IBrokerStore store, TimeProvider time, ILogger logger)
    {
        Options = options with { };
        Limits = new PacketLimits
        {
            MaxConnectBytes = options.MaxConnectBytes,
            MaxPacketBytes = options.MaxPacketBytes,
            MaxTopicLevels = options.MaxTopicLevels,
            TopicAliasMaximum = (ushort)options.TopicAliasMaximum,
        };
        Logger = logger;
        Outputs = new OutputBudget(Metrics, options.MaxPendingOutputBytes, options.MaxTotalQueuedBytes);
        Clock = new BrokerClock(time);
        Batches = new DeliveryBatchPool(Clock, Metrics);
        Journal = new Journal(store, Clock, Batches, Metrics, logger);
        Retained = new RetainedStore(Clock, Journal, options.MaxRetainedMessages, options.MaxRetainedBytes);
        Groups = new SharedGroups(Tree);
        Router = new Router(this);
        Sessions = new SessionRegistry(this);
        Events = new EventHub(this) { Topics = options.SysTopics.HasFlag(SysTopicKinds.Lifecycle) ? new LifecycleTopics(this) : null };
        Statistics = options.SysTopics.HasFlag(SysTopicKinds.Statistics) ? new StatisticsTopics(this) : null;
        Metrics.Observe(() => Sessions.Count, () => Retained.Count, () => Retained.Bytes);
    }

    public MqttBrokerOptions Options { get; }

    /// <summary>Connections that have not been let in.</summary>
    public ConnectingCount Connecting { get; } = new();

    /// <summary>The bounds of the options that the packet readers keep.</summary>
    public PacketLimits Limits { get; }

    /// <summary>What may wait in the outputs of clients.</summary>
    public OutputBudget Outputs { get; }

    public ILogger Logger { get; }

    public BrokerClock Clock { get; }

    public BrokerMetrics Metrics { get; } = new();

    public DeliveryBatchPool Batches { get; }

    /// <summary>What must outlive the process.</summary>
    public Journal Journal { get; }

    public SubscriptionTree Tree { get; } = new();

    public SharedGroups Groups { get; }

    public RetainedStore Retained { get; }

    public Router Router { get; }

    public SessionRegistry Sessions { get; }

    /// <summary>What publishers are told whose message would make the retained store too large.</summary>
    public string RetainedIsFull => field ??= string.Create(
        CultureInfo.InvariantCulture, $"The retained store is full: it holds {Options.MaxRetainedMessages} messages or {Options.MaxRetainedBytes} bytes at most.");

    /// <summary>What the packet readers of a listener's clients keep to.</summary>
    public PacketLimits LimitsFor(IDialectProfile? dialect) => dialect is null ? Limits : Limits with
    {
        MaxPacketBytes = dialect.Limits.MaxPacketBytes,
        MaxConnectBytes = Math.Min(dialect.Limits.MaxPacketBytes, Limits.MaxConnectBytes),
        TopicAliasMaximum = 0,
        AllowsEmptyTopics = true,
    };

    /// <summary>A fault of a packet, with the bound it has broken.</summary>
    public static PacketFault WithBounds(PacketFault fault, PacketLimits limits) => fault.Code switch
    {
        ReasonCode.PacketTooLarge => fault with { Detail = Sentence($"The packet is too large; this broker takes {limits.MaxPacketBytes} bytes.") },
        ReasonCode.TopicNameInvalid => fault with { Detail = Sentence($"{fault.Detail} A topic may have {limits.MaxTopicLevels} levels.") },
        ReasonCode.TopicAliasInvalid => fault with { Detail = Sentence($"{fault.Detail} The Topic Alias Maximum of this broker is {limits.TopicAliasMaximum}.") },
        ReasonCode.QuotaExceeded => fault with { Detail = Sentence($"{fault.Detail} A packet may have {limits.MaxUserProperties} user properties.") },
        _ => fault,
    };

    private static string Sentence(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>What the program decides; null when it decides nothing, and then nothing is slower for it.</summary>
    public HandlerChain? Handlers { get; set; }

    /// <summary>Who hears what has happened.</summary>
    public EventHub Events { get; }

    /// <summary>The statistics below <c>$SYS/broker</c>; null when they are off.</summary>
    public StatisticsTopics? Statistics { get; }

    /// <summary>What goes on without a connection.</summary>
    public PendingWork Pending { get; } = new();

    public void Dispose()
    {
        Events.Topics?.Dispose();
        Statistics?.Dispose();
        Clock.Dispose();
        Metrics.Dispose();
    }
}
