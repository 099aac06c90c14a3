using System.Reflection;

namespace Kuzzle.Edge;

/// <summary>Which build this is.</summary>
internal static class ProductVersion
{
    /// <summary>The version, and after a plus sign the commit it was built from, as far as the build knew it.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
