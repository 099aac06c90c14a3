namespace Kuzzle.Edge.Fuzz.Brokers;

/// <summary>Follows what was sent, as far as where packets begin and end: the broker can only answer who is between two of them.</summary>
internal sealed class Framing
{
    private long _missing; // Bytes of the body that is being sent.
    private int _headerBytes; // Of the packet whose length is not known yet; 0 between packets.
    private long _length;

    /// <summary>Whether no packet is being sent.</summary>
    public bool IsBetweenPackets => _headerBytes == 0 && _missing == 0;

    /// <summary>How many bytes end the packet that is being sent; null when it has not said, or never will.</summary>
    public long? Missing => _headerBytes == 0 ? _missing : null;

    public void Sent(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_missing > 0)
            {
                var taken = (int)Math.Min(_missing, bytes.Length);
                _missing -= taken;
                bytes = bytes[taken..];
                continue;
            }

            if (_headerBytes is 0 or 5) _headerBytes = _headerBytes == 0 ? 1 : 5; // The first byte; or a length without end, in which the stream is lost.
            else TakeLength(bytes[0]);
            bytes = bytes[1..];
        }
    }

    private void TakeLength(byte next)
    {
        _length |= (long)(next & 0x7F) << (7 * (_headerBytes - 1));
        _headerBytes++;
        if (next >= 0x80) return;

        _missing = _length;
        _length = 0;
        _headerBytes = 0;
    }
}
