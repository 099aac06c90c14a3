using System.Xml.Linq;

namespace Kuzzle.Edge.Tests.Architecture;

/// <summary>docs/dependencies.md and the packages say the same.</summary>
public sealed class DependencyTests
{
    private static readonly string Page = Repository.Read("docs/dependencies.md");

    private static readonly IReadOnlyDictionary<string, string> Versions = XDocument.Parse(Repository.Read("Directory.Packages.props"))
        .Descendants("PackageVersion")
        .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value, StringComparer.Ordinal);

    [Fact]
    public void Every_package_has_a_row_with_its_version()
    {
        foreach (var (package, version) in Versions) Page.ShouldContain($"\n| {package} | {version} | ", Case.Sensitive);
    }

    [Fact]
    public void Every_version_belongs_to_a_package_that_some_project_uses()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "tests"), "*.csproj", SearchOption.AllDirectories))
            .Append(Path.Combine(Repository.Root, "Directory.Build.props"))
            .Append(Path.Combine(Repository.Root, "tests", "Directory.Build.props"));
        var used = files.SelectMany(file => XDocument.Load(file).Descendants("PackageReference")).Select(reference => reference.Attribute("Include")!.Value);

        Versions.Keys.Except(used, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("MQTTnet")]
    [InlineData("LiteDB")]
    [InlineData("System.Device.Gpio")]
    [InlineData("Iot.Device.Bindings")]
    [InlineData("Microsoft.Extensions.Hosting.Systemd")]
    [InlineData("Serilog.Sinks.File")]
    public void The_set_that_was_asked_for_is_accounted_for(string package) => Page.ShouldContain($"\n| {package} | ", Case.Sensitive);
}
