//! Writes the cases of the intake to `corpus/`, as inputs of the fuzz targets: `cargo run --example seeds`, in `relay/fuzz/`. They
//! are read as `lib.rs` says: a byte that chooses, headers, an empty line, the body.

use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let corpus = Path::new("corpus");
    let mut count = 0_usize;
    for folder in fs::read_dir("../tests/cases")? {
        for file in fs::read_dir(folder?.path())? {
            let path = file?.path();
            let case: Value = serde_json::from_slice(&fs::read(&path)?)?;
            let dialect = case["source"]["dialect"].as_str().unwrap_or_default();
            let folder = corpus.join(format!("intake_{dialect}"));
            fs::create_dir_all(&folder)?;
            let name = path.file_stem().unwrap_or_default();
            fs::write(folder.join(name), input(&case["request"]))?;
            count += 1;
        }
    }
    println!("{count} inputs in {}", corpus.display());
    Ok(())
}

fn input(request: &Value) -> Vec<u8> {
    let mut input = vec![if request["method"] == "OPTIONS" { 4 } else { 0 }];
    for header in request["headers"].as_array().into_iter().flatten() {
        let text = |index: usize| header[index].as_str().unwrap_or_default();
        input.extend(format!("{}:{}\n", text(0), text(1)).bytes());
    }
    input.push(b'\n');
    match (&request["json"], &request["text"]) {
        (Value::Null, text) => input.extend(text.as_str().unwrap_or_default().bytes()),
        (json, _) => input.extend(json.to_string().bytes()),
    }
    input
}
