using System.Globalization;
using LmPlayground.Web.Cli;

// The command line speaks English whatever the machine's language (the texts without a language are English); pages have that of their reader.
CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
return await PlaygroundCommand.RunAsync(args);
