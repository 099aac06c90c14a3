using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>One word of a few.</summary>
internal sealed class ChoiceType<T>(params (string Word, T Value)[] choices) : SettingType<T>
    where T : struct
{
    /// <inheritdoc/>
    public override string Description { get; } = string.Join(" or ", choices.Select(choice => $"\"{choice.Word}\""));

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, out T value)
    {
        var text = (node as SettingScalar)?.Text;
        var position = Array.FindIndex(choices, choice => choice.Word == text);
        value = position < 0 ? default : choices[position].Value;
        return position >= 0;
    }

    /// <inheritdoc/>
    public override string Show(T value) =>
        $"\"{Array.Find(choices, choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Word}\"";
}
