namespace Kuzzle.Edge.Sync.Tests.Bridges;

/// <summary>A theory that needs Debian's RabbitMQ, which takes a minute to start: it runs where <c>scripts/bridge-proof</c> asks for it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RabbitMqTheoryAttribute : TheoryAttribute
{
    public RabbitMqTheoryAttribute()
    {
        if (Environment.GetEnvironmentVariable("KUZZLE_EDGE_BRIDGE_PROOF") is null) Skip = "Only scripts/bridge-proof runs it.";
        else if (!File.Exists(RabbitMq.Program)) Skip = $"{RabbitMq.Program} is not installed (apt-get install rabbitmq-server).";
    }
}
