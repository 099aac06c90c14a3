using System.Security.Cryptography;
using System.Text;
using Kuzzle.Edge.Broker.Clients;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>A client that says who it is.</summary>
public sealed class AuthenticateContext
{
    internal AuthenticateContext(BrokerClient client, ConnectPacket packet)
    {
        Client = client;
        Packet = packet;
    }

    /// <summary>The client, with its identifier. It is not connected.</summary>
    public BrokerClient Client { get; }

    /// <summary>Its CONNECT.</summary>
    public ConnectPacket Packet { get; }

    /// <summary>Its user name, or null.</summary>
    public string? UserName => Packet.UserName;

    /// <summary>Its password; empty when it has none. Overwritten with zeros once the client was judged: not to be kept.</summary>
    public ReadOnlyMemory<byte> Password => Packet.Password ?? default;

    /// <summary>Compares the password in UTF-8, in a time that does not tell where it differs.</summary>
    public bool PasswordEquals(string password) => CryptographicOperations.FixedTimeEquals(Password.Span, Encoding.UTF8.GetBytes(password));
}
