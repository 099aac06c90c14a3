using System.Buffers.Binary;

namespace Kuzzle.Edge.Listeners.Psk;

/// <summary>
/// Reads along the messages of a TLS 1.2 handshake as long as they are in the clear: of each, its type and its first bytes. However the network and the records cut them.
/// </summary>
internal sealed class HandshakeMessages
{
    /// <summary>The type of the message with which a client begins.</summary>
    public const byte ClientHello = 1;

    /// <summary>The type of the message in which a client names its identity.</summary>
    public const byte ClientKeyExchange = 16;

    private const byte HandshakeRecord = 22;
    private const int RecordHeaderBytes = 5;
    private const int MessageHeaderBytes = 4;

    // Holds the cipher suites of any client, and the longest identity that OpenSSL takes.
    private const int KeptBytes = 2048;

    private readonly byte[] _header = new byte[RecordHeaderBytes];
    private readonly byte[] _message = new byte[MessageHeaderBytes + KeptBytes];
    private int _headerCount;
    private int _recordLeft;
    private int _messageCount; // Also beyond what is kept.
    private bool _isComplete;

    /// <summary>Whether the bytes are no handshake in the clear, or no longer.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The type of the message that was read.</summary>
    public byte Type => _message[0];

    /// <summary>Its first bytes, without its header.</summary>
    public ReadOnlySpan<byte> Body => _message.AsSpan(MessageHeaderBytes, Math.Min(_messageCount - MessageHeaderBytes, KeptBytes));

    /// <summary>Reads on.</summary>
    /// <param name="bytes">What has come; gets what is left behind a message.</param>
    /// <returns>True when a message is complete; false when more bytes are needed, or it has ended.</returns>
    public bool TryRead(ref ReadOnlySpan<byte> bytes)
    {
        if (_isComplete)
        {
            _isComplete = false;
            _messageCount = 0;
        }

        while (!bytes.IsEmpty && !HasEnded)
        {
            if (_recordLeft == 0)
            {
                ReadRecordHeader(ref bytes);
                continue;
            }

            ReadMessage(ref bytes);
            if (_messageCount < MessageHeaderBytes || _messageCount < MessageHeaderBytes + BodyLength) continue;

            _isComplete = true;
            return true;
        }

        return false;
    }

    private int BodyLength => (_message[1] << 16) | (_message[2] << 8) | _message[3];

    private void ReadRecordHeader(ref ReadOnlySpan<byte> bytes)
    {
        var taken = Math.Min(RecordHeaderBytes - _headerCount, bytes.Length);
        bytes[..taken].CopyTo(_header.AsSpan(_headerCount));
        bytes = bytes[taken..];
        _headerCount += taken;
        HasEnded = _header[0] != HandshakeRecord;
        if (_headerCount < RecordHeaderBytes) return;

        _headerCount = 0;
        _recordLeft = BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(3));
        HasEnded |= _recordLeft == 0;
    }

    private void ReadMessage(ref ReadOnlySpan<byte> bytes)
    {
        var wanted = _messageCount < MessageHeaderBytes ? MessageHeaderBytes - _messageCount : MessageHeaderBytes + BodyLength - _messageCount;
        var taken = Math.Min(Math.Min(wanted, _recordLeft), bytes.Length);
        var kept = Math.Clamp(_message.Length - _messageCount, 0, taken);
        bytes[..kept].CopyTo(_message.AsSpan(Math.Min(_messageCount, _message.Length)));
        bytes = bytes[taken..];
        _messageCount += taken;
        _recordLeft -= taken;
    }
}
