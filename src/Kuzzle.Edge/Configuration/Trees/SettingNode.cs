namespace Kuzzle.Edge.Configuration.Trees;

/// <summary>A piece of configuration as it was written, before anybody knows what it means.</summary>
internal abstract record SettingNode(Origin Origin)
{
    /// <summary>What was found here, for the second half of a message: <c>…, not the text "abc"</c>.</summary>
    public abstract string Describe();
}
