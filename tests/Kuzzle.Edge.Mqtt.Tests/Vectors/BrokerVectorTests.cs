using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kuzzle.Edge.Mqtt.Packets;
using Kuzzle.Edge.Mqtt.Tests.Packets;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Mqtt.Tests.Vectors;

/// <summary>
/// Packet sequences written for another broker, as a corpus for the reader: what a broker must accept is read; what it must close for is refused here, unless only
/// a broker can know (a state, a right, a session).
/// </summary>
public sealed partial class BrokerVectorTests
{
    [SharedFact]
    public void What_a_broker_must_accept_is_read()
    {
        var count = 0;
        foreach (var vector in Load().Where(vector => !vector.Closes))
        {
            using var reader = ReaderFor(vector);
            foreach (var bytes in vector.Sent)
            {
                var received = new ReadOnlySequence<byte>(bytes);
                while (received.Length > 0)
                    reader.TryRead(ref received, out _).ShouldBe(OperationStatus.Done, $"{vector.Name}: {reader.Fault} {Convert.ToHexString(bytes)}");
                count++;
            }
        }

        count.ShouldBeGreaterThanOrEqualTo(300);
    }

    [SharedFact]
    public void What_a_broker_must_close_for_is_refused_unless_only_a_broker_can_know()
    {
        var refused = 0;
        var accepted = new List<string>();
        foreach (var vector in Load().Where(vector => vector.Closes))
        {
            if (IsRefused(vector)) refused++;
            else accepted.Add(vector.Name);
        }

        accepted.Where(name => !BrokersOwn().IsMatch(name)).ShouldBeEmpty();
        refused.ShouldBeGreaterThan(1000);
    }

    [SharedFact]
    public void What_a_broker_answers_is_read_by_a_client()
    {
        var count = 0;
        foreach (var vector in Load().Where(vector => !vector.Closes))
        {
            foreach (var bytes in vector.Answers)
            {
                using var reader = Wire.Reader(vector.Version, PacketDirection.ToClient);
                Wire.Status(reader, bytes).ShouldBe(OperationStatus.Done, $"{vector.Name}: {reader.Fault} {Convert.ToHexString(bytes)}");
                count++;
            }
        }

        count.ShouldBeGreaterThan(100);
    }

    private static bool IsRefused(Vector vector)
    {
        using var reader = ReaderFor(vector);
        foreach (var bytes in vector.Sent)
        {
            var received = new ReadOnlySequence<byte>(bytes);
            OperationStatus status;
            do
            {
                status = reader.TryRead(ref received, out _);
            }
            while (status == OperationStatus.Done && received.Length > 0);

            if (status == OperationStatus.InvalidData) return true;
        }

        return false;
    }

    private static PacketReader ReaderFor(Vector vector) => Wire.Reader(vector.ConnectsFirst ? vector.Version : MqttVersion.Unknown);

    private static IEnumerable<Vector> Load()
    {
        var folder = Path.Combine(SharedMaterial.Directory!, "vectors", "mqtt", "test", "broker", "data");
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var group in document.RootElement.EnumerateArray())
            {
                if (group.TryGetProperty("disable", out var disabled) && disabled.GetBoolean()) continue;

                foreach (var test in group.GetProperty("tests").EnumerateArray())
                    yield return Parse($"{Path.GetFileNameWithoutExtension(file)}/{group.GetProperty("group").GetString()}/{test.GetProperty("name").GetString()}", group, test);
            }
        }
    }

    private static Vector Parse(string name, JsonElement group, JsonElement test)
    {
        var messages = test.GetProperty("msgs").EnumerateArray().ToArray();
        return new Vector(
            name,
            (MqttVersion)Member("ver", 4, element => element.GetInt32()),
            Member("connect", fallback: true, element => element.GetBoolean()),
            Member("expect_disconnect", fallback: true, element => element.GetBoolean()),
            [.. Payloads("send")],
            [.. Payloads("recv")]);

        T Member<T>(string member, T fallback, Func<JsonElement, T> read) =>
            test.TryGetProperty(member, out var own) || group.TryGetProperty(member, out own) ? read(own) : fallback;

        IEnumerable<byte[]> Payloads(string type) => messages
            .Where(message => message.GetProperty("type").GetString() == type)
            .Select(message => Assemble(message.GetProperty("payload").GetString()!));
    }

    /// <summary>iN one byte, HN kN mN sN two bytes, LN four bytes, rN vN variable integer, 'text', else hexadecimal.</summary>
    private static byte[] Assemble(string spec)
    {
        var bytes = new List<byte>();
        foreach (Match word in Words().Matches(spec))
        {
            if (word.Groups["text"].Success)
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(word.Groups["text"].Value));
                continue;
            }

            var text = word.Groups["word"].Value;
            var width = text[0] switch { 'i' => 1, 'H' or 'k' or 'm' or 's' => 2, 'L' => 4, 'v' or 'r' => 0, _ => -1 };
            if (width < 0)
            {
                bytes.AddRange(Convert.FromHexString(text));
                continue;
            }

            var number = uint.Parse(text.AsSpan(1), CultureInfo.InvariantCulture);
            if (width == 0) AddVariable(bytes, number);
            else for (var shift = 8 * (width - 1); shift >= 0; shift -= 8) bytes.Add((byte)(number >> shift));
        }

        return [.. bytes];
    }

    private static void AddVariable(List<byte> bytes, uint number)
    {
        while (number >= 0x80)
        {
            bytes.Add((byte)(number | 0x80));
            number >>= 7;
        }

        bytes.Add((byte)number);
    }

    [GeneratedRegex(@"'(?<text>[^']*)'(?=\s|$)|(?<word>\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Words();

    // A legal DISCONNECT ends the connection; which acknowledgement is due, the method of authentication, a CONNACK that finds no room and an alias that was never
    // set are a session's to know; and to close for a repeated QoS 2 message would break [MQTT-4.3.3-2].
    [GeneratedRegex(
        @"^DISCONNECT/|^FLOW/.*QoS [12] PUBLISH-|^CONNECT/.*/(tiny max packet|unsupported authentication method)$|Dup flow\*3$|topic-alias .* no topic$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex BrokersOwn();

    private sealed record Vector(string Name, MqttVersion Version, bool ConnectsFirst, bool Closes, byte[][] Sent, byte[][] Answers);
}
