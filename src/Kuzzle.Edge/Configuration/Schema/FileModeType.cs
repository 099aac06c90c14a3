using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>Who may do what with a file, as chmod(1) writes it.</summary>
internal sealed class FileModeType : SettingType<UnixFileMode>
{
    /// <inheritdoc/>
    public override string Description => "three octal digits as text, such as \"660\"";

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, out UnixFileMode value)
    {
        value = UnixFileMode.None;
        if (node is not SettingScalar { Text: { } text }) return false;

        var digits = text.Length == 4 ? text.AsSpan().TrimStart('0') : text.AsSpan(); // "0660" means the same.
        if (text.Length is not (3 or 4) || digits.Length > 3 || digits.ContainsAnyExceptInRange('0', '7')) return false;

        foreach (var digit in digits) value = (UnixFileMode)(((int)value << 3) | (digit - '0'));
        return true;
    }

    /// <inheritdoc/>
    public override string Show(UnixFileMode value) => $"\"{Convert.ToString((int)value, 8).PadLeft(3, '0')}\"";
}
