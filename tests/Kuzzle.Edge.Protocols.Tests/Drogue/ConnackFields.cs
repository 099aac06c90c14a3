using System.Text;

namespace Kuzzle.Edge.Protocols.Tests.Drogue;

/// <summary>What a CONNACK says.</summary>
/// <param name="Code">The return or reason code.</param>
/// <param name="Properties">The bytes of its properties; none before MQTT 5.</param>
internal sealed record ConnackFields(byte Code, byte[] Properties)
{
    private const byte ReasonString = 0x1F;

    /// <summary>The Reason String of a refusal, which is its only property.</summary>
    public string Reason
    {
        get
        {
            Properties[0].ShouldBe(ReasonString);
            return Encoding.UTF8.GetString(Properties.AsSpan(3));
        }
    }
}
