namespace Kuzzle.Edge.Hardware.Tests.Kernel;

/// <summary>A chip that understands commands: what was written last says what is read next. A command that it does not know it does not acknowledge.</summary>
internal sealed class CommandChip : IFakeI2cChip
{
    private string _last = "";

    /// <summary>Answers by command in hex digits; an empty one for a command without an answer. The empty command is what is read before any was written.</summary>
    public Dictionary<string, string> Answers { get; } = new(StringComparer.Ordinal) { [""] = "" };

    public List<string> Commands { get; } = [];

    public bool Write(ReadOnlySpan<byte> bytes)
    {
        _last = Convert.ToHexStringLower(bytes);
        Commands.Add(_last);
        return Answers.ContainsKey(_last);
    }

    public bool Read(Span<byte> bytes)
    {
        var answer = Convert.FromHexString(Answers[_last]);
        if (answer.Length < bytes.Length) return false;

        answer.AsSpan(0, bytes.Length).CopyTo(bytes);
        return true;
    }
}
