namespace Kuzzle.Edge.Hardware.Tests.Kernel;

/// <summary>A chip with 256 registers of one byte; the first byte written chooses one, and each byte read or written goes one further.</summary>
internal sealed class RegisterChip : IFakeI2cChip
{
    private int _pointer;

    public byte[] Registers { get; } = new byte[256];

    public List<string> Writes { get; } = [];

    public bool Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 1) Writes.Add(Convert.ToHexStringLower(bytes));
        _pointer = bytes[0];
        foreach (var next in bytes[1..]) Registers[_pointer++ & 0xFF] = next;
        return true;
    }

    public bool Read(Span<byte> bytes)
    {
        foreach (ref var next in bytes) next = Registers[_pointer++ & 0xFF];
        return true;
    }
}
