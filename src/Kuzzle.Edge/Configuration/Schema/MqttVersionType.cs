using Kuzzle.Edge.Configuration.Trees;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>A version of MQTT, as text or, where it looks like one, as a number.</summary>
internal sealed class MqttVersionType : SettingType<MqttVersion>
{
    /// <inheritdoc/>
    public override string Description => "\"3.1.1\" or \"5\"";

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, out MqttVersion value)
    {
        value = node switch
        {
            SettingScalar { Text: "3.1.1" } => MqttVersion.V311,
            SettingScalar { Text: "5" or "5.0" } or SettingScalar { Value: 5d } => MqttVersion.V5,
            _ => MqttVersion.Unknown,
        };
        return value != MqttVersion.Unknown;
    }

    /// <inheritdoc/>
    public override string Show(MqttVersion value) => value == MqttVersion.V311 ? "\"3.1.1\"" : "\"5\"";
}
